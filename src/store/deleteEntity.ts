import { AtlasError } from '../../compute/errors.ts'
import { sql, type Database, type PrismaTransaction } from './database.ts'
import { codeRemoverLock } from './locks.ts'
import { deleteUnusedCandidates } from './unusedCodes.ts'

/** What was deleted. */
export interface Deleted {
  id: number
  name: string
}

/**
 * Deletes a network with its layers, codes, partitions, regions, comparisons and its file, and the codes that
 * no other region or facet uses. Throws UNKNOWN_NETWORK, IN_USE while a job works on it or a series holds it: without one
 * of its checkpoints a series would quietly tell of other steps.
 */
export async function deleteNetwork(db: Database, name: string): Promise<Deleted> {
  return remove(db, 'network', name, async (tx, id) => {
    const { sha256 } = await tx.network.delete({ where: { id } })
    await tx.file.delete({ where: { sha256 } })
  })
}

/**
 * Deletes a dataset with its samples and everything computed on them. Throws UNKNOWN_DATASET, IN_USE while a
 * job works on it.
 */
export async function deleteDataset(db: Database, name: string): Promise<Deleted> {
  return remove(db, 'dataset', name, async (tx, id) => {
    await tx.dataset.delete({ where: { id } })
  })
}

/** Deletes a series; its networks stay. Throws UNKNOWN_SERIES. */
export async function deleteSeries(db: Database, name: string): Promise<Deleted> {
  const [deleted] = await db.query<Deleted>(sql`delete from series where name = ${name} returning id, name`)
  if (deleted) return deleted
  throw new AtlasError('UNKNOWN_SERIES', `There is no series "${name}": nothing was deleted.`)
}

/** Minutes rather than Prisma's five seconds: a cascade over millions of memberships takes its time. */
const TIMEOUT_MS = 30 * 60_000

function remove(
  db: Database,
  kind: 'network' | 'dataset',
  name: string,
  deleteRow: (tx: PrismaTransaction, id: number) => Promise<void>,
): Promise<Deleted> {
  return db.prisma.$transaction(
    async (tx) => {
      await tx.$executeRaw`set local statement_timeout = 0`
      await tx.$executeRaw(codeRemoverLock)
      const id = await lockRow(tx, kind, name)
      await refuseWhileInUse(tx, kind, name, id)
      if (kind === 'network') await refuseInSeries(tx, name, id)
      await tx.$executeRawUnsafe(`create temporary table candidate on commit drop as ${codesOf(kind, id)}`)
      await deleteRow(tx, id)
      await tx.$executeRaw(deleteUnusedCandidates)
      return { id, name }
    },
    { timeout: TIMEOUT_MS },
  )
}

/** A query of the codes of all regions and facets that go with an entity. */
function codesOf(kind: 'network' | 'dataset', id: number): string {
  const ofPartitions = `select r.code_hash, r.bit_count from region r join partition t on t.id = r.partition_id
    where t.${kind}_id = ${id}
    union select f.code_hash, f.bit_count from region_facet f join partition t on t.id = f.partition_id
    where t.${kind}_id = ${id}`
  if (kind === 'dataset') return ofPartitions
  return `${ofPartitions}
    union select r.code_hash, r.bit_count from complex_region r join complex x on x.id = r.complex_id
    where x.network_id = ${id}`
}

/** Locks the row against new partitions and jobs, whose foreign keys need it. */
async function lockRow(tx: PrismaTransaction, kind: 'network' | 'dataset', name: string): Promise<number> {
  const rows =
    kind === 'network'
      ? await tx.$queryRaw<{ id: number }[]>`select id from network where name = ${name} for update`
      : await tx.$queryRaw<{ id: number }[]>`select id from dataset where name = ${name} for update`
  const row = rows.at(0)
  if (row) return row.id
  throw new AtlasError(
    kind === 'network' ? 'UNKNOWN_NETWORK' : 'UNKNOWN_DATASET',
    `There is no ${kind} "${name}": nothing was deleted.`,
  )
}

/** A comparison's job names only network a; that it works on b's partition too is in its payload. */
async function refuseWhileInUse(
  tx: PrismaTransaction,
  kind: 'network' | 'dataset',
  name: string,
  id: number,
): Promise<void> {
  const networkId = kind === 'network' ? id : null
  const datasetId = kind === 'dataset' ? id : null
  const jobs = await tx.$queryRaw<{ id: string; kind: string }[]>`
    select j.id, j.kind from job j
    where j.state in ('QUEUED', 'RUNNING') and (j.network_id = ${networkId} or j.dataset_id = ${datasetId}
      or exists (select from partition t where t.network_id = ${networkId} and t.id = (j.payload ->> 'bId')::int4))
    limit 1`
  for (const job of jobs)
    throw new AtlasError(
      'IN_USE',
      `The ${kind} "${name}" is in use by job ${job.id} (${job.kind}): cancel it with cancelJob or wait for it, then delete.`,
    )
}

async function refuseInSeries(tx: PrismaTransaction, name: string, networkId: number): Promise<void> {
  const series = await tx.series.findFirst({
    where: { members: { some: { networkId } } },
    orderBy: { name: 'asc' },
  })
  if (series)
    throw new AtlasError(
      'IN_USE',
      `The series "${series.name}" holds the network "${name}": delete the series first, which leaves its networks.`,
    )
}
