import { join } from 'node:path'
import express, { Router } from 'express'
import { packageRoot } from '../packageRoot.ts'

/** What `npm run build` made of web/. */
const BUILT = join(packageRoot, 'dist', 'web')

/** The addresses of the explorer's pages: all are one document, which shows what its address says. */
const PAGES = ['/', '/atlas/*path', '/segment{/*path}', '/slice{/*path}', '/compare', '/query', '/key']

/**
 * Everything comes from this server: no page can be made to load from or send to another. Styles of elements are
 * set by scripts; pictures of inputs are data URLs, those drawn here blobs.
 */
const POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ')

/** Serves the explorer. Files with a hash in their name never change; the document is asked for each time. */
export function explorer(): Router {
  const router = Router()
  router.use(
    '/assets',
    express.static(join(BUILT, 'assets'), { immutable: true, maxAge: '1y', index: false }),
  )
  router.get('/icon.svg', (_request, response) => response.sendFile(join(BUILT, 'icon.svg')))
  router.get(PAGES, (_request, response) => {
    response.set({ 'content-security-policy': POLICY, 'cache-control': 'no-cache' })
    response.sendFile(join(BUILT, 'index.html'))
  })
  return router
}
