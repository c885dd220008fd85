import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The server that `vite dev` passes requests on to. */
const atlas = process.env.ATLAS_URL ?? 'http://localhost:4000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2023' },
  server: {
    proxy: { '/graphql': { target: atlas, ws: true }, '/files': atlas, '/regions': atlas, '/session': atlas },
  },
  clearScreen: false,
})
