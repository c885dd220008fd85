import { AtlasError } from '../../compute/errors.ts'
import type { PrismaTransaction } from './database.ts'
import type { PartitionRow } from './models.ts'

/** Components where none are asked for, or as many as there are dimensions. */
const COMPONENTS = 32

/** What identifies a direction set of a partition. */
export interface DirectionParameters {
  /** Principal components, and non-negative factors. */
  components: number
  seed: number
}

/** What is asked for; components null for {@link COMPONENTS}. */
export interface WantedDirections {
  components: number | null
  seed: number
}

/** The direction set with these parameters, created empty where there is none. */
export interface PreparedDirectionSet {
  id: number
  computed: boolean
  /** The job that last worked on it. */
  jobId: string | null
}

/** Greatest seed: a number that GraphQL and Postgres hold. */
const MAX_SEED = 2 ** 31 - 1

/** Dimensions at most: the components of so many take two minutes. */
const MAX_DIMENSIONS = 2048

/** Components at most: all of a kind are answered at once. */
const MAX_COMPONENTS = 256

/** Sites at most, each of which is a step of four curves, and numbers of all of them: 512 MiB. */
const MAX_SITES = 2 ** 20
const MAX_NUMBERS = 2 ** 27

/**
 * Finds or creates a direction set of a computed partition; its directions come later, from its job.
 *
 * @param dimensions of the space of the partition's activations
 * @throws AtlasError BAD_ARGUMENT (components, seed), TOO_LARGE (dimensions, sites)
 */
export async function prepareDirectionSet(
  tx: PrismaTransaction,
  partition: PartitionRow,
  { components: asked, seed }: WantedDirections,
  dimensions: number,
): Promise<PreparedDirectionSet> {
  const components = asked ?? Math.min(COMPONENTS, dimensions)
  const most = Math.min(MAX_COMPONENTS, dimensions)
  if (components < 1 || components > most)
    throw new AtlasError(
      'BAD_ARGUMENT',
      `components is ${components}: choose a number from 1 to ${most}, of the ${dimensions} dimensions of the space.`,
    )
  checkSpace(partition.siteCount, dimensions, components)
  if (seed < 0 || seed > MAX_SEED)
    throw new AtlasError('BAD_ARGUMENT', `seed is ${seed}: choose a seed from 0 to ${MAX_SEED}.`)
  // Requests for one partition wait for each other here.
  await tx.$executeRaw`select from partition where id = ${partition.id} for no key update`
  const natural = { partitionId: partition.id, components, seed }
  const { id, computedAt, jobId } = await tx.directionSet.upsert({
    where: { partitionId_components_seed: natural },
    create: { ...natural, dimensions },
    update: {},
  })
  return { id, computed: computedAt !== null, jobId }
}

function checkSpace(sites: number, dimensions: number, components: number): void {
  if (dimensions > MAX_DIMENSIONS)
    throw new AtlasError(
      'TOO_LARGE',
      `The space of these activations has ${dimensions} dimensions, and ${MAX_DIMENSIONS} are the most: choose fewer ` +
        'layers, or a partition by positions.',
    )
  // A component is followed both ways.
  const numbers = sites * Math.max(dimensions, 2 * components)
  if (sites > MAX_SITES || numbers > MAX_NUMBERS)
    throw new AtlasError(
      'TOO_LARGE',
      `${sites} sites of ${dimensions} activations are more than ${MAX_SITES} sites or ${MAX_NUMBERS} numbers in all: ` +
        'choose fewer layers or components, or a partition of some positions.',
    )
}
