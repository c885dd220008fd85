import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import type { RequestHandler } from 'express'
import { packageRoot } from '../../packageRoot.ts'

/** What the first tab holds. */
const FIRST_QUERY = join(packageRoot, 'examples', 'queries', 'last-layer-regions.graphql')

/**
 * Serves GraphiQL, all of it in one page: nothing is fetched from elsewhere. It takes the query of `?query=` into its
 * editor, and keeps what is edited there, so that such an address can be opened again and shared.
 */
export function graphiqlHandler(): RequestHandler {
  const page = renderGraphiQL({
    title: 'Polytope Atlas',
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    defaultQuery: readFileSync(FIRST_QUERY, 'utf8'),
  })
  return (request, response, next) => {
    const wantsPage = request.method === 'GET' && request.accepts(['json', 'html']) === 'html'
    if (!wantsPage) return next()
    response.type('html').send(page)
  }
}
