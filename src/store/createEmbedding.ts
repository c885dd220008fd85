import { AtlasError } from '../../compute/errors.ts'
import type { PrismaTransaction } from './database.ts'
import type { PartitionRow } from './models.ts'

/** What identifies an embedding of a partition. */
export interface EmbeddingParameters {
  /** Nearest regions of each that it is drawn near to. */
  neighbors: number
  seed: number
}

/** The embedding with these parameters, created empty where there is none. */
export interface PreparedEmbedding {
  id: number
  computed: boolean
  /** The job that last worked on it. */
  jobId: string | null
}

/** Fewer tell nothing of what lies around a region, more take memory. */
const MIN_NEIGHBORS = 2
const MAX_NEIGHBORS = 100

/** Greatest seed: a number that GraphQL and Postgres hold. */
const MAX_SEED = 2 ** 31 - 1

/** Neighbours of all regions together at most: about 50 bytes each, 1.6 GiB. */
const MAX_PAIRS = 2 ** 25

/**
 * Finds or creates an embedding of a computed partition; its positions come later, from its job.
 *
 * @throws AtlasError BAD_ARGUMENT (neighbors, seed), TOO_LARGE
 */
export async function prepareEmbedding(
  tx: PrismaTransaction,
  partition: PartitionRow,
  { neighbors, seed }: EmbeddingParameters,
): Promise<PreparedEmbedding> {
  checkParameters(neighbors, seed)
  if (partition.regionCount * neighbors > MAX_PAIRS)
    throw new AtlasError(
      'TOO_LARGE',
      `${neighbors} neighbours of ${partition.regionCount} regions are more than ${MAX_PAIRS} pairs: choose fewer ` +
        'neighbours, or fewer layers.',
    )
  // Requests for one partition wait for each other here.
  await tx.$executeRaw`select from partition where id = ${partition.id} for no key update`
  const natural = { partitionId: partition.id, neighbors, seed }
  const { id, computedAt, jobId } = await tx.embedding.upsert({
    where: { partitionId_neighbors_seed: natural },
    create: natural,
    update: {},
    select: { id: true, computedAt: true, jobId: true },
  })
  return { id, computed: computedAt !== null, jobId }
}

function checkParameters(neighbors: number, seed: number): void {
  if (neighbors < MIN_NEIGHBORS || neighbors > MAX_NEIGHBORS)
    throw new AtlasError(
      'BAD_ARGUMENT',
      `neighbors is ${neighbors}: choose a number from ${MIN_NEIGHBORS} to ${MAX_NEIGHBORS}.`,
    )
  if (seed < 0 || seed > MAX_SEED)
    throw new AtlasError('BAD_ARGUMENT', `seed is ${seed}: choose a seed from 0 to ${MAX_SEED}.`)
}
