import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server'
import type { Context } from '../../graphql/index.ts'

/** What is wrong with a document or its variables, in a request that is otherwise well-formed. */
const OF_DOCUMENTS: readonly unknown[] = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']

/**
 * Whether a client takes `application/json` alone: by GraphQL over HTTP (6.4.1) it is told of errors with the status 200,
 * since for older clients any other means that no GraphQL server answered.
 */
export function wantsPlainJson({ http }: GraphQLRequest): boolean {
  const accept = http?.headers.get('accept') ?? ''
  return accept.includes('application/json') && !accept.includes('application/graphql-response+json')
}

/** For Apollo, which answers 400: has documents that cannot be read or do not fit answered as such clients expect. */
export const statusPlugin: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, errors, response: { http } }) {
        if (http.status !== 400 || !wantsPlainJson(request)) return
        if (errors?.every(({ extensions }) => OF_DOCUMENTS.includes(extensions.code))) http.status = 200
      },
    }
  },
}
