import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import type { RequestHandler } from 'express'

const FIRST_QUERY = `# Polytope Atlas. Each region below is one polytope
# of the last hidden layer of a network trained on MNIST:
# from there on, all its images go through the same
# affine map. The biggest regions, the digits they hold,
# and the regions that lie nearest (differing units).
#
# Ctrl-Enter runs it; the book on the left is the schema.
query LastLayerRegions {
  partition(path: "mnist-a/2..2@mnist") {
    siteCount
    regionCount
    labelEntropy
    regions(first: 5, orderBy: MEMBER_COUNT_DESC) {
      nodes {
        path
        memberCount
        purity
        labelCounts { className count }
        exemplar { path image }
        neighbors(first: 3) {
          edges {
            distance
            node { memberCount labelCounts { className count } }
          }
        }
      }
    }
  }
}
`

/** Serves GraphiQL, all of it in one page: nothing is fetched from elsewhere. */
export function graphiqlHandler(): RequestHandler {
  const page = renderGraphiQL({
    title: 'Polytope Atlas',
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    defaultQuery: FIRST_QUERY,
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
