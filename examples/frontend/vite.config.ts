import { defineConfig } from 'vite'

/** Passes the API's requests on to an atlas, so that page and API have one origin. */
export default defineConfig({
  root: import.meta.dirname,
  server: { proxy: { '/graphql': { target: process.env.ATLAS_URL ?? 'http://localhost:4000', ws: true } } },
})
