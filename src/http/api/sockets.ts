import type { IncomingMessage, Server } from 'node:http'
import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql'
import { useServer, type Extra } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { AtlasError } from '../../../compute/errors.ts'
import { clientError, type ContextFactory } from '../../graphql/index.ts'
import type { Logger } from '../../log.ts'
import type { ServingSettings } from '../../settings.ts'
import { Waiting } from '../../store/waiting.ts'
import { mayConnect, namesThisMachine, type Caller, type Enter, type Identify } from '../access/index.ts'
import { timedOut } from '../waitingFor.ts'
import type { TrustedDocuments } from './documents.ts'
import { MAX_QUERY_BYTES, readSubscription } from './limits.ts'

/** What a socket is to serve with. */
export interface SocketOptions {
  schema: GraphQLSchema
  contexts: ContextFactory
  identify: Identify
  enter: Enter
  /** Where certain documents alone are answered. */
  documents: TrustedDocuments | null
  serving: ServingSettings
  log: Logger
}

/** An operation under way. */
interface Running {
  waiting: Waiting
  timer: NodeJS.Timeout | undefined
  leave: () => void
}

/** What is kept of a connection. */
interface Connection extends Record<PropertyKey, unknown>, Partial<Extra> {
  caller?: Caller
  running?: Map<string, Running>
}

/**
 * Serves GraphQL over WebSocket (graphql-transport-ws) at /graphql. A key comes in a header of the handshake, in the
 * explorer's cookie, or as `authorization` or `x-api-key` of the first message.
 */
export function serveSockets(http: Server, options: SocketOptions): { dispose(): Promise<void> | void } {
  const { schema, contexts, identify, enter, documents, serving, log } = options
  const sockets = new WebSocketServer({
    server: http,
    path: '/graphql',
    maxPayload: MAX_QUERY_BYTES,
    verifyClient: ({ req }: { req: IncomingMessage }) =>
      mayConnect(req, serving) && (serving.access !== 'open' || namesThisMachine(req)),
  })
  return useServer<Record<string, unknown>, Connection>(
    {
      schema,
      async onConnect({ connectionParams, extra }) {
        const { request } = extra
        if (!request) return false
        try {
          extra.caller = await identify(request, keyOfParams(connectionParams))
          return true
        } catch (error) {
          if (error instanceof AtlasError) return false // closes with 4403 Forbidden
          throw error
        }
      },
      async onSubscribe({ extra }, id, payload) {
        const { account, scope } = callerOf(extra)
        try {
          documents?.check(payload.query, scope)
          const asked = readSubscription(schema, payload)
          if (!('document' in asked)) return asked
          const leave = await enter(account, 'subscriptions')
          running(extra).set(id, begin(asked, leave, serving.timeoutSeconds))
          return asked
        } catch (error) {
          return [refusal(error)]
        }
      },
      context({ extra }, id) {
        const waiting = running(extra).get(id)?.waiting
        return contexts.create({ scope: callerOf(extra).scope, waiting })
      },
      onComplete: ({ extra }, id) => end(extra, id),
      onClose({ extra }) {
        for (const id of running(extra).keys()) end(extra, id)
      },
      onError: (_context, _id, _payload, errors) => errors.map((error) => clientError(error, log)),
      onNext: (_context, _id, _payload, _args, result) => ({
        ...result,
        errors: result.errors?.map((error) => clientError(error, log)),
      }),
    },
    sockets,
  )
}

function callerOf({ caller }: Connection): Caller {
  if (!caller) throw new Error('The connection was not let in.')
  return caller
}

function running(connection: Connection): Map<string, Running> {
  return (connection.running ??= new Map())
}

/** A query or mutation has its time; a subscription lasts as long as it is listened to. */
function begin({ document, operationName }: ExecutionArgs, leave: () => void, seconds: number): Running {
  const waiting = new Waiting()
  const lasts = getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION
  const timer = lasts ? undefined : setTimeout(() => waiting.end(timedOut(seconds)), seconds * 1000)
  return { waiting, timer, leave }
}

function end(connection: Connection, id: string): void {
  const operation = running(connection).get(id)
  if (!operation) return
  running(connection).delete(id)
  clearTimeout(operation.timer)
  operation.leave()
  operation.waiting.end(new AtlasError('CLIENT_GONE', 'The client ended the operation.'))
}

function refusal(error: unknown): GraphQLError {
  if (!(error instanceof AtlasError)) throw error
  return new GraphQLError(error.message, { originalError: error })
}

function keyOfParams(params: Record<string, unknown> | undefined): string | undefined {
  const named = Object.fromEntries(
    Object.entries(params ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const { authorization, 'x-api-key': key } = named
  if (typeof key === 'string') return key
  return typeof authorization === 'string' ? authorization.replace(/^Bearer +/i, '') : undefined
}
