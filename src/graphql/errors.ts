/** What clients are told of errors. */
import { randomUUID } from 'node:crypto'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { AtlasError } from '../../compute/errors.ts'
import { isConnectionLost } from '../store/connectionLost.ts'

/** Where unexpected errors are written, stack and all. */
export interface ErrorLog {
  error(details: object, message: string): void
}

/**
 * An error as a client sees it, for Apollo's `formatError`. A user's mistake keeps its message and gets its code in
 * `extensions.code`; what GraphQL or Apollo found wrong with the request stays as it is; where Postgres is away the code is
 * DATABASE_AWAY. Everything else is a bug:
 * it goes to the log, and the client is told INTERNAL and an id to find it there.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  log: ErrorLog,
): GraphQLFormattedError {
  const cause = causeOf(error)
  const { message, locations, path } = formatted
  if (cause instanceof AtlasError) return { message, locations, path, extensions: { code: cause.code } }
  if (cause instanceof GraphQLError) return withoutInsides(formatted, cause)
  if (isConnectionLost(cause)) {
    log.error({ err: cause, path }, 'Postgres could not be asked')
    return { message: DATABASE_AWAY, locations, path, extensions: { code: 'DATABASE_AWAY' } }
  }
  const id = randomUUID().slice(0, 8)
  log.error({ err: cause, id, path }, 'a resolver failed')
  return {
    message: `The atlas failed to answer this, which is no fault of the query. Its log tells more under the id ${id}.`,
    locations,
    path,
    extensions: { code: 'INTERNAL', id },
  }
}

const DATABASE_AWAY =
  'The atlas does not reach its database at the moment: ask again in some seconds. What was to be changed may or may not be.'

/** What GraphQL said, by the code of the limit where one was passed, and without the stack that Apollo adds. */
function withoutInsides(formatted: GraphQLFormattedError, cause: GraphQLError): GraphQLFormattedError {
  const { message, locations, path } = formatted
  const code = LIMIT_OF_PARSER.test(message)
    ? 'QUERY_TOO_LONG'
    : (cause.extensions?.code ?? formatted.extensions?.code)
  const hint = code === 'QUERY_TOO_LONG' ? ' Ask in several requests.' : ''
  return { message: message + hint, locations, path, ...(code !== undefined && { extensions: { code } }) }
}

/** What `parse` says of a document with more tokens than it is to read; it gives no code. */
const LIMIT_OF_PARSER = /more tha[nt] \d+ tokens/

/** As `formatError`, as an error of its own: for servers that send errors as they get them, such as graphql-ws. */
export function clientError(error: GraphQLError, log: ErrorLog): GraphQLError {
  const { message, extensions } = formatError(error.toJSON(), error, log)
  const { nodes, source, positions, path } = error
  return new GraphQLError(message, { nodes, source, positions, path, extensions })
}

/** What was thrown first: GraphQL wraps it to say where. */
function causeOf(error: unknown): unknown {
  let cause = error
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError
  return cause
}
