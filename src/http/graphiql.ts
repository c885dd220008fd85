import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import type { RequestHandler } from 'express'
import { packageRoot } from '../packageRoot.ts'

/** What the first tab holds. */
const FIRST_QUERY = join(packageRoot, 'examples', 'queries', 'last-layer-regions.graphql')

/** Serves GraphiQL, all of it in one page: nothing is fetched from elsewhere. */
export function graphiqlHandler(): RequestHandler {
  const page = renderGraphiQL({
    title: 'Polytope Atlas',
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    defaultQuery: readFileSync(FIRST_QUERY, 'utf8'),
  })
  return (request, response, next) => {
    const wantsPage =
      request.method === 'GET' &&
      request.query.query === undefined &&
      request.accepts(['json', 'html']) === 'html'
    if (!wantsPage) return next()
    response.type('html').send(page)
  }
}
