import { createNetworkFiles, type NetworkFiles } from '../jobs/direct/networkFiles.ts'
import { oneAtATime, type TakeTurn } from '../jobs/direct/oneAtATime.ts'
import { createRegionCodeCache } from '../jobs/direct/regionCodeCache.ts'
import { createScans, type Scans } from '../jobs/direct/scans.ts'
import { withSignal, type Database } from '../store/database.ts'
import { createJobEvents, type JobEvents } from '../store/jobEvents.ts'
import type { KeyScope } from '../store/keyScopes.ts'
import { createLoaders, type Loaders } from '../store/loaders.ts'

/** What resolvers work with, one a request: its loaders remember what the request has read. */
export interface Context {
  readonly db: Database
  readonly jobEvents: JobEvents
  readonly scans: Scans
  readonly networkFiles: NetworkFiles
  /** The server's line for what takes much memory. */
  readonly inTurn: TakeTurn
  /** Aborted when nobody waits for the answer any more, or time is up: what computes on the spot stops. */
  readonly signal: AbortSignal
  /** What the caller may do. */
  readonly scope: KeyScope
  /** By which lines of the log are found; none for what is no request over HTTP. */
  readonly requestId: string | undefined
  /** Fresh after every mutation of the request, so that its answer is what the mutation left. */
  loaders: Loaders
}

/** Makes the contexts of one server, which share its caches and its one listening connection. */
export interface ContextFactory {
  /** The server's cache of ONNX files. */
  readonly networkFiles: NetworkFiles
  /** Without a caller for this process itself, which may do everything. */
  create(caller?: Partial<Pick<Context, 'scope' | 'signal' | 'requestId'>>): Context
  /** Ends all subscriptions. The database stays open. */
  close(): Promise<void>
}

/** Opens nothing yet: the listening connection comes with the first subscription. */
export function createContextFactory(db: Database): ContextFactory {
  const jobEvents = createJobEvents(db.url)
  const codes = createRegionCodeCache(db)
  const networkFiles = createNetworkFiles(db)
  const inTurn = oneAtATime()
  return {
    networkFiles,
    create: ({ scope = 'ADMIN', signal = new AbortController().signal, requestId } = {}) => ({
      db,
      scope,
      requestId,
      jobEvents,
      networkFiles,
      inTurn,
      signal,
      scans: createScans(db, codes, signal),
      loaders: createLoaders(withSignal(db, signal)),
    }),
    close: () => jobEvents.close(),
  }
}
