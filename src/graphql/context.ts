import { createNetworkFiles, type NetworkFiles } from '../jobs/direct/networkFiles.ts'
import { oneAtATime, type TakeTurn } from '../jobs/direct/oneAtATime.ts'
import { createRegionCodeCache, type RegionCodeCache } from '../jobs/direct/regionCodeCache.ts'
import { createScans, type Scans } from '../jobs/direct/scans.ts'
import { whileWaiting, type Database } from '../store/database.ts'
import { createJobEvents, type JobEvents } from '../store/jobEvents.ts'
import type { KeyScope } from '../store/keyScopes.ts'
import { createLoaders, type Loaders } from '../store/loaders.ts'
import { Waiting } from '../store/waiting.ts'

/** What resolvers work with, one a request: its loaders remember what the request has read. */
export interface Context {
  readonly db: Database
  readonly jobEvents: JobEvents
  readonly scans: Scans
  readonly networkFiles: NetworkFiles
  /** The server's line for what takes much memory. */
  readonly inTurn: TakeTurn
  /** Ends when nobody waits for the answer any more, or time is up. */
  readonly waiting: Waiting
  /** The same for what computes on the spot: aborted then. */
  readonly signal: AbortSignal
  /** What the caller may do. */
  readonly scope: KeyScope
  /** By which lines of the log are found; none for what is no request over HTTP. */
  readonly requestId: string | undefined
  /** Fresh after every mutation of the request, so that its answer is what the mutation left. */
  loaders: Loaders
}

/** Who asks, and whether they still wait. */
type Caller = Pick<Context, 'scope' | 'waiting' | 'requestId'>

/** Makes the contexts of one server, which share its caches and its one listening connection. */
export interface ContextFactory {
  /** The server's cache of ONNX files. */
  readonly networkFiles: NetworkFiles
  /** Without a caller for this process itself, which may do everything. */
  create(caller?: Partial<Caller>): Context
  /** Ends all subscriptions. The database stays open. */
  close(): Promise<void>
}

/** What all requests of a server share. */
type Shared = Pick<Context, 'db' | 'jobEvents' | 'networkFiles' | 'inTurn'> & { codes: RegionCodeCache }

/**
 * The context of one request. A class: of literals with getters 0.32 MB outlived each collection of garbage, of this 0.02
 * (requests for `__typename`).
 */
class RequestContext implements Context {
  readonly db: Database
  readonly jobEvents: JobEvents
  readonly networkFiles: NetworkFiles
  readonly inTurn: TakeTurn
  readonly waiting: Waiting
  readonly scope: KeyScope
  readonly requestId: string | undefined
  loaders: Loaders
  // Properties as all others: Apollo copies the context, and leaves out what a class hides.
  private readonly codes: RegionCodeCache
  private madeScans: Scans | undefined

  constructor(shared: Shared, { scope = 'ADMIN', waiting = new Waiting(), requestId }: Partial<Caller>) {
    this.db = shared.db
    this.jobEvents = shared.jobEvents
    this.networkFiles = shared.networkFiles
    this.inTurn = shared.inTurn
    this.codes = shared.codes
    this.waiting = waiting
    this.scope = scope
    this.requestId = requestId
    this.loaders = createLoaders(whileWaiting(shared.db, waiting))
  }

  // Few requests take these two.
  get signal(): AbortSignal {
    return this.waiting.signal
  }

  get scans(): Scans {
    return (this.madeScans ??= createScans(this.db, this.codes, this.signal))
  }
}

/** Opens nothing yet: the listening connection comes with the first subscription. */
export function createContextFactory(db: Database): ContextFactory {
  const jobEvents = createJobEvents(db.url)
  const networkFiles = createNetworkFiles(db)
  const codes = createRegionCodeCache(db)
  const shared = { db, jobEvents, networkFiles, inTurn: oneAtATime(), codes }
  return {
    networkFiles,
    create: (caller = {}) => new RequestContext(shared, caller),
    close: () => jobEvents.close(),
  }
}
