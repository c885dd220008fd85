/** Where the limits of a request are held, over HTTP and over WebSocket. */
import type { ApolloServerPlugin } from '@apollo/server'
import {
  getOperationAST,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql'
import { checkCost, shapeRule, TOKEN_LIMIT, type Context } from '../../graphql/index.ts'
import type { Metrics } from '../../telemetry/metrics.ts'

/** Largest request, over HTTP and in a message of a WebSocket. */
export const MAX_QUERY_BYTES = 2 ** 20

/**
 * For Apollo: counts the cost of what was parsed and validated, by `parseOptions` and `validationRules`, and tells how
 * operations ended.
 */
export function costPlugin(metrics: Pick<Metrics, 'operation'>): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      let cost = 0
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (!operation) return
          const variables = request.variables ?? {}
          cost = checkCost({ schema, document, operation, variables })
        },
        async willSendResponse({ operation, response: { body } }) {
          const result = body.kind === 'single' ? body.singleResult : body.initialResult
          const outcome = 'data' in result ? (result.errors ? 'error' : 'ok') : 'refused'
          metrics.operation(operation?.operation ?? 'unknown', outcome, cost)
        },
      }
    },
  }
}

/** What Apollo parses and validates by. */
export const documentLimits = { parseOptions: { maxTokens: TOKEN_LIMIT }, validationRules: [shapeRule] }

interface Asked {
  query: string
  operationName?: string | null | undefined
  variables?: Record<string, unknown> | null | undefined
}

/** For graphql-ws: what to execute of a request, or why it is refused. */
export function readSubscription(
  schema: GraphQLSchema,
  asked: Asked,
): ExecutionArgs | readonly GraphQLError[] {
  const { query, operationName, variables } = asked
  try {
    const document = parse(query, documentLimits.parseOptions)
    const errors = validate(schema, document, [...specifiedRules, ...documentLimits.validationRules])
    if (errors.length > 0) return errors
    const operation = getOperationAST(document, operationName)
    if (operation) checkCost({ schema, document, operation, variables: variables ?? {} })
    return { schema, document, operationName: operationName ?? null, variableValues: variables ?? null }
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}
