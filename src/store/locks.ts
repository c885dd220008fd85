import { sql } from './database.ts'

/** Namespace of the atlas' advisory locks ("atls"); all are held to the end of the transaction. */
const NAMESPACE = 0x61746c73

/** One name is given at a time: networks, datasets and series share a namespace that no unique index spans. */
export const nameLock = sql`select pg_advisory_xact_lock(${NAMESPACE}::int4, 1)`

/** Regions and facets point to codes without a foreign key (3 µs a row); writers of either hold this, shared. */
export const codeWriterLock = sql`select pg_advisory_xact_lock_shared(${NAMESPACE}::int4, 2)`

/** Whoever removes codes that nothing uses any more waits for those writers, and they for it. */
export const codeRemoverLock = sql`select pg_advisory_xact_lock(${NAMESPACE}::int4, 2)`

/** One process at a time makes the tables of the queue. */
export const queueLock = sql`select pg_advisory_xact_lock(${NAMESPACE}::int4, 3)`

/** One attempt at a time writes a partition: a job may be taken up while its killed worker's last rows commit. */
export const partitionLock = (id: number) =>
  sql`select pg_advisory_xact_lock(${NAMESPACE + 1}::int4, ${id}::int4)`

/** The same for its memberships, which are written beside its regions in a transaction of their own. */
export const membershipLock = (id: number) =>
  sql`select pg_advisory_xact_lock(${NAMESPACE + 2}::int4, ${id}::int4)`
