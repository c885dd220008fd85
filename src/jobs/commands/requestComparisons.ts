import type { Database, PrismaTransaction } from '../../store/database.ts'
import type { PartitionRow } from '../../store/models.ts'
import { compareTask } from '../compare.ts'
import { enqueue } from '../queue.ts'
import { checkAllComparable, allPairs } from './comparable.ts'
import { checkReady } from './readyPartition.ts'

/** Two statements a pair, of which there are at most 2,016. */
const TIMEOUT_MS = 60_000

/**
 * The jobs that compare those pairs of the partitions that are compared in neither order: those under way, and new ones.
 * Throws what `checkAllComparable` throws, and PARTITION_NOT_READY.
 */
export async function requestComparisons(
  db: Database,
  partitions: readonly PartitionRow[],
): Promise<string[]> {
  checkAllComparable(partitions)
  partitions.forEach(checkReady)
  return db.prisma.$transaction(async (tx) => queueMissing(tx, partitions), { timeout: TIMEOUT_MS })
}

async function queueMissing(tx: PrismaTransaction, partitions: readonly PartitionRow[]): Promise<string[]> {
  const ids = partitions.map(({ id }) => id)
  await tx.$queryRaw`select from partition where id = any(${ids}) order by id for no key update`
  const compared = await tx.$queryRaw<Sides[]>`select a_id as "aId", b_id as "bId" from comparison
    where a_id = any(${ids}) and b_id = any(${ids})`
  const waiting = await tx.$queryRaw<(Sides & { id: string })[]>`
    select (payload ->> 'aId')::int4 as "aId", (payload ->> 'bId')::int4 as "bId", id::text from job
    where kind = ${compareTask.kind} and state in ('QUEUED', 'RUNNING')`
  const done = new Set(compared.map(pairKey))
  const underWay = new Map(waiting.map((job) => [pairKey(job), job.id]))
  const jobs: string[] = []
  for (const [a, b] of allPairs(partitions)) {
    const pair = { aId: a.id, bId: b.id }
    if (done.has(pairKey(pair))) continue
    jobs.push(underWay.get(pairKey(pair)) ?? (await enqueue(tx, compareTask, pair, a)))
  }
  return jobs
}

interface Sides {
  aId: number
  bId: number
}

/** The same in both orders. */
function pairKey({ aId, bId }: Sides): string {
  return `${Math.min(aId, bId)} ${Math.max(aId, bId)}`
}
