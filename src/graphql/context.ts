import { createNetworkFiles, type NetworkFiles } from '../jobs/direct/networkFiles.ts'
import { oneAtATime, type TakeTurn } from '../jobs/direct/oneAtATime.ts'
import { createRegionCodeCache } from '../jobs/direct/regionCodeCache.ts'
import { createScans, type Scans } from '../jobs/direct/scans.ts'
import type { Database } from '../store/database.ts'
import { createJobEvents, type JobEvents } from '../store/jobEvents.ts'
import { createLoaders, type Loaders } from '../store/loaders.ts'

/** What resolvers work with, one a request: its loaders remember what the request has read. */
export interface Context {
  readonly db: Database
  readonly jobEvents: JobEvents
  readonly scans: Scans
  readonly networkFiles: NetworkFiles
  /** The server's line for what takes much memory. */
  readonly inTurn: TakeTurn
  /** Aborted when nobody waits for the answer any more: what computes on the spot stops. */
  readonly signal: AbortSignal
  /** Fresh after every mutation of the request, so that its answer is what the mutation left. */
  loaders: Loaders
}

/** Makes the contexts of one server, which share its caches and its one listening connection. */
export interface ContextFactory {
  /** The server's cache of ONNX files. */
  readonly networkFiles: NetworkFiles
  /** @param signal aborted when the client has gone */
  create(signal?: AbortSignal): Context
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
    create: (signal = new AbortController().signal) => ({
      db,
      jobEvents,
      networkFiles,
      inTurn,
      signal,
      scans: createScans(db, codes, signal),
      loaders: createLoaders(db),
    }),
    close: () => jobEvents.close(),
  }
}
