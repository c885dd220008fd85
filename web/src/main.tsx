import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { navigate } from 'wouter/use-browser-location'
import { AtlasRequestError } from './lib/atlas.ts'
import { NEEDS_KEY } from './lib/session.ts'
import { App } from './app.tsx'
import './styles/index.css'

/** Answers stay fresh for a minute: what is stored of a finished partition does not change, and jobs are polled. */
const queries = new QueryClient({
  queryCache: new QueryCache({ onError: askForKey }),
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      // Only a server that is away is asked again; what it refuses, it refuses again.
      retry: (failures, error) =>
        failures < 2 && error instanceof AtlasRequestError && error.code === 'UNREACHABLE',
    },
  },
})

/** Where a key is missing, no part of a page can be shown: the page that asks for it takes its place. */
function askForKey(error: unknown) {
  const { pathname, search } = window.location
  if (pathname === '/key' || !(error instanceof AtlasRequestError) || !NEEDS_KEY.includes(error.code)) return
  navigate(`/key?${new URLSearchParams({ from: pathname + search })}`, { replace: true })
}

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
