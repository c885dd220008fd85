import { HeaderMap, type ApolloServerPlugin } from '@apollo/server'
import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import { formatError, type Context, type Executor } from '../../graphql/index.ts'
import type { Logger } from '../../log.ts'
import type { KnownDocuments } from './known.ts'
import { wantsPlainJson } from './status.ts'

/**
 * For Apollo: executes operations by our executor, in the place of graphql-js, which Apollo would call. Its gateways would
 * do the same, with half as much again around it.
 */
export function executionPlugin(
  execute: Executor,
  known: KnownDocuments,
  log: Logger,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, source, request, contextValue }) {
          const { operationName, variables = {} } = request
          known.add(source, document)
          const result = await execute({ document, operationName, variables, context: contextValue })
          const { errors } = result
          // No operation of that name, or variables that do not fit: nothing was executed.
          const began = 'data' in result
          return {
            http: { status: began || wantsPlainJson(request) ? undefined : 400, headers: new HeaderMap() },
            body: {
              kind: 'single',
              singleResult: errors
                ? { ...result, errors: formatErrors(errors, began, contextValue, log) }
                : result,
            },
          }
        },
      }
    },
  }
}

/**
 * Errors as clients are told of them.
 * @param began whether something was executed; else the request was amiss
 */
export function formatErrors(
  errors: readonly GraphQLError[],
  began: boolean,
  { requestId }: Context,
  log: Logger,
): GraphQLFormattedError[] {
  const requestLog = log.child({ requestId })
  return errors.map((error) => {
    const { extensions, ...rest } = error.toJSON()
    const code = extensions?.code ?? (began ? 'INTERNAL_SERVER_ERROR' : 'BAD_USER_INPUT')
    return formatError({ ...rest, extensions: { ...extensions, code } }, error, requestLog)
  })
}
