import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import { expressMiddleware } from '@as-integrations/express5'
import express, { type ErrorRequestHandler } from 'express'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import {
  clientError,
  createContextFactory,
  createSchema,
  formatError,
  type Context,
} from '../graphql/index.ts'
import { computeInUse } from '../jobs/direct/compute.ts'
import type { Logger } from '../log.ts'
import type { Database } from '../store/database.ts'
import { AFFINE_MAP_ROUTE, affineMapHandler } from './affineMap.ts'
import { explorer } from './explorer.ts'
import { goneSignal } from './goneSignal.ts'
import { graphiqlHandler } from './graphiql.ts'
import { costPlugin, documentLimits, readSubscription } from './limits.ts'
import { uploadHandler } from './uploads.ts'

/** Largest GraphQL request body. */
const MAX_QUERY_BYTES = '1mb'

export interface HttpServer {
  /** For example http://localhost:4000/graphql */
  url: string
  close(): Promise<void>
}

export interface ServerOptions {
  port: number
  host: string
  /** Folder where uploads wait on their way to Postgres. */
  uploads: string
}

/**
 * Serves the explorer at /, GraphQL over HTTP and WebSocket at /graphql (with GraphiQL for browsers), uploads at PUT
 * /files and the state of the service at /health.
 */
export async function startServer(db: Database, options: ServerOptions, log: Logger): Promise<HttpServer> {
  const schema = createSchema()
  const contexts = createContextFactory(db)
  const app = express()
  app.disable('x-powered-by')
  const http = createServer(app)
  const webSockets = new WebSocketServer({ server: http, path: '/graphql' })
  const subscriptions = useServer(
    {
      schema,
      onSubscribe: (_context, _id, payload) => readSubscription(schema, payload),
      context: () => contexts.create(),
      onError: (_context, _id, _payload, errors) => errors.map((error) => clientError(error, log)),
      onNext: (_context, _id, _payload, _args, result) => ({
        ...result,
        errors: result.errors?.map((error) => clientError(error, log)),
      }),
    },
    webSockets,
  )
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    // The command decides in which order things stop.
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => formatError(formatted, error, log),
    ...documentLimits,
    includeStacktraceInErrorResponses: false,
    plugins: [ApolloServerPluginDrainHttpServer({ httpServer: http }), costPlugin],
    logger: log,
  })
  await apollo.start()
  app.use(explorer())
  app.get('/health', async (_request, response) => {
    await db.pool.query('select 1')
    response.json({ status: 'ok', compute: computeInUse() })
  })
  app.put('/files', uploadHandler(db, options.uploads))
  app.get(AFFINE_MAP_ROUTE, affineMapHandler(db, contexts.networkFiles))
  app.use(
    '/graphql',
    graphiqlHandler(),
    express.json({ limit: MAX_QUERY_BYTES }),
    expressMiddleware(apollo, { context: ({ res }) => Promise.resolve(contexts.create(goneSignal(res))) }),
  )
  app.use(answerFailure(log))
  await listen(http, options)
  return {
    url: urlOf(http, options),
    async close() {
      await subscriptions.dispose()
      await apollo.stop()
      await contexts.close()
    },
  }
}

/** Errors outside GraphQL: what Express or the body parser says of a request, or a bug. */
function answerFailure(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error)
    const status = statusOf(error)
    if (status >= 500) log.error(error, 'a request failed')
    const message =
      status < 500 && error instanceof Error ? error.message : 'The server failed; its log says why.'
    const code = status < 500 ? 'BAD_REQUEST' : 'INTERNAL'
    response.status(status).json({ errors: [{ message, extensions: { code } }] })
  }
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}

function listen(http: Server, { port, host }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, () => {
      http.off('error', reject)
      resolve()
    })
  })
}

function urlOf(http: Server, { host }: ServerOptions): string {
  const address = http.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const name = host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host
  return `http://${name}:${port}/graphql`
}

export function uploadsFolder(home: string): string {
  return join(home, 'uploads')
}
