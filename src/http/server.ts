import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import compression from 'compression'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { AtlasError } from '../../compute/errors.ts'
import { createContextFactory, createExecutor, createSchema } from '../graphql/index.ts'
import { computeInUse } from '../jobs/direct/compute.ts'
import { liveWorkerCount } from '../jobs/liveness.ts'
import type { Logger } from '../log.ts'
import { OPEN_SERVING, type ServingSettings } from '../settings.ts'
import type { Database } from '../store/database.ts'
import { countJobs } from '../store/jobs.ts'
import type { KeyScope } from '../store/keyScopes.ts'
import { createMetrics, type Metrics } from '../telemetry/metrics.ts'
import {
  corsHandler,
  createEnter,
  createIdentify,
  door,
  namesThisMachine,
  type Route,
} from './access/index.ts'
import { session } from './access/session.ts'
import { AFFINE_MAP_ROUTE, affineMapHandler } from './affineMap.ts'
import { createApollo } from './api/apollo.ts'
import { readTrustedDocuments, trusted } from './api/documents.ts'
import { graphiqlHandler } from './api/graphiql.ts'
import { getHandler } from './api/cacheable.ts'
import { postHandler } from './api/handler.ts'
import { createKnownDocuments } from './api/known.ts'
import { MAX_QUERY_BYTES } from './api/limits.ts'
import { serveSockets } from './api/sockets.ts'
import { chain, pathOf, type FailureHandler, type Handler } from './chain.ts'
import { explorer } from './explorer.ts'
import { answerFailure } from './failures.ts'
import { health } from './health.ts'
import { followRequests } from './requests.ts'
import { uploadHandler } from './uploads.ts'

/** A client that takes longer for its headers, or to send on, is not waited for. */
const HEADERS_MS = 15_000
const SILENT_MS = 60_000
/** Nor one that takes longer for a query, which has a megabyte at most; uploads take their time. */
const QUERY_MS = 30_000

/** Where GraphQL is asked. */
const API: ReadonlySet<string> = new Set(['/graphql', '/graphql/'])

export interface HttpServer {
  /** For example http://localhost:4000/graphql */
  url: string
  close(): Promise<void>
}

/** Where and how to serve; what is left out is as for one person on a loopback address. */
export interface ServerOptions extends Partial<ServingSettings> {
  port: number
  host: string
  /** Folder where uploads wait on their way to Postgres. */
  uploads: string
  /** A key for commands on this machine, where keys are needed. */
  ownKey?: string
}

/**
 * Serves the explorer at /, GraphQL over HTTP and WebSocket at /graphql (with GraphiQL for browsers), uploads at PUT
 * /files, affine maps at /regions, the state of the service at /health and /metrics, and keeps keys at /session.
 */
export async function startServer(db: Database, options: ServerOptions, log: Logger): Promise<HttpServer> {
  const serving: ServingSettings = { ...OPEN_SERVING, ...options }
  const schema = createSchema()
  const contexts = createContextFactory(db)
  const enter = createEnter(serving)
  const identify = createIdentify(db, { ...serving, ownKey: options.ownKey }, enter)
  const doorTo = (route: Route, scope: KeyScope) => door(identify, enter, route, scope)
  const metrics = createMetrics(computeInUse().kernels.name, gaugesOf(db))
  const http = createServer({ headersTimeout: HEADERS_MS, requestTimeout: 0 })
  http.setTimeout(SILENT_MS + serving.timeoutSeconds * 1000)
  const documents = serving.documents === undefined ? null : await readTrustedDocuments(serving.documents)
  const sockets = serveSockets(http, { schema, contexts, identify, enter, documents, serving, log })
  const execute = createExecutor(schema)
  const known = createKnownDocuments({ schema, execute, metrics, log })
  const apollo = createApollo({ http, schema, execute, known, documents, metrics, serving, log })
  await apollo.start()
  let stopping = false
  const failed: FailureHandler = (error, _request, response) => answerFailure(error, response, log)
  const forAll = handlersForAll(serving, metrics, log)
  const toApi = [doorTo('graphql', 'READ'), sentWithin(QUERY_MS), express.json({ limit: MAX_QUERY_BYTES })]
  if (documents) toApi.push(trusted(documents))
  const answering = { apollo, known, contexts, serving }
  const post = chain([...forAll, ...toApi, postHandler(answering)], failed)

  const app = express().disable('x-powered-by').set('trust proxy', serving.proxies)
  for (const handler of [...forAll, compressed()]) app.use(handler)
  app.use(explorer())
  app.use(
    '/health',
    health(db, () => stopping),
  )
  app.use('/session', session(identify, enter))
  app.get('/metrics', doorTo('regions', 'READ'), async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text())
  })
  app.put('/files', doorTo('files', 'WRITE'), uploadHandler(db, options.uploads))
  app.get(
    AFFINE_MAP_ROUTE,
    doorTo('regions', 'READ'),
    affineMapHandler(db, contexts.networkFiles, serving.timeoutSeconds),
  )
  app.use('/graphql', graphiqlHandler(), ...toApi, getHandler(answering))
  const failedInExpress: ErrorRequestHandler = (error, request, response, next) =>
    response.headersSent ? next(error) : failed(error, request, response)
  app.use(failedInExpress)
  http.on('request', (request, response) =>
    request.method === 'POST' && API.has(pathOf(request)) ? post(request, response) : app(request, response),
  )
  await listen(http, options)
  return {
    url: urlOf(http, options),
    async close() {
      stopping = true
      await sockets.dispose()
      await apollo.stop()
      await contexts.close()
      metrics.close()
    },
  }
}

/** What holds for requests of every kind. */
function handlersForAll(serving: ServingSettings, metrics: Metrics, log: Logger): Handler[] {
  const secure: Handler = (request, response, next) => {
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('referrer-policy', 'same-origin')
    if (serving.access !== 'open' || namesThisMachine(request)) return next()
    throw new AtlasError(
      'WRONG_HOST',
      'This server answers this machine alone, by the names localhost and 127.0.0.1. To serve it under another, set ATLAS_ACCESS=keys.',
    )
  }
  return [followRequests(metrics, log), secure, corsHandler(serving)]
}

/** Answers packed for those who take that; for others nothing is done to them. */
function compressed(): RequestHandler {
  const compress = compression()
  return (request, response, next) =>
    request.headers['accept-encoding'] === undefined ? next() : compress(request, response, next)
}

/** Closes the connection of a client that has not sent its request by then. */
function sentWithin(ms: number): Handler {
  return (request, response, next) => {
    const timer = setTimeout(() => request.complete || request.destroy(), ms)
    response.once('close', () => clearTimeout(timer))
    next()
  }
}

function gaugesOf(db: Database) {
  const { pool } = db
  return {
    pool: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    jobs: () => countJobs(db),
    workers: () => liveWorkerCount(db),
  }
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
