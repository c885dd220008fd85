import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { AtlasRequestError } from './lib/atlas.ts'
import { App } from './app.tsx'
import './styles/index.css'

/** Answers stay fresh for a minute: what is stored of a finished partition does not change, and jobs are polled. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      // Only a server that is away is asked again; what it refuses, it refuses again.
      retry: (failures, error) =>
        failures < 2 && error instanceof AtlasRequestError && error.code === 'UNREACHABLE',
    },
  },
})

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
