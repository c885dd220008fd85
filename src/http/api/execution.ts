import { HeaderMap, type ApolloServerPlugin } from '@apollo/server'
import type { GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql'
import { createExecutor, formatError, type Context } from '../../graphql/index.ts'
import type { Logger } from '../../log.ts'
import { wantsPlainJson } from './status.ts'

/**
 * For Apollo: executes operations by our executor, in the place of graphql-js, which Apollo would call. Its gateways would
 * do the same, with half as much again around it.
 */
export function executionPlugin(schema: GraphQLSchema, log: Logger): ApolloServerPlugin<Context> {
  const execute = createExecutor(schema)
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, request, contextValue }) {
          const { operationName, variables = {} } = request
          const result = await execute({ document, operationName, variables, context: contextValue })
          const { errors } = result
          const errorLog = errors && log.child({ requestId: contextValue.requestId })
          // No operation of that name, or variables that do not fit: nothing was executed.
          const began = 'data' in result
          return {
            http: { status: began || wantsPlainJson(request) ? undefined : 400, headers: new HeaderMap() },
            body: {
              kind: 'single',
              singleResult: errorLog
                ? { ...result, errors: errors.map((error) => formatted(error, began, errorLog)) }
                : result,
            },
          }
        },
      }
    },
  }
}

function formatted(error: GraphQLError, began: boolean, log: Logger): GraphQLFormattedError {
  const { extensions, ...rest } = error.toJSON()
  const code = extensions?.code ?? (began ? 'INTERNAL_SERVER_ERROR' : 'BAD_USER_INPUT')
  return formatError({ ...rest, extensions: { ...extensions, code } }, error, log)
}
