import { AtlasError } from '../../compute/errors.ts'
import type { PrismaTransaction } from './database.ts'
import type { SegmentSetKey } from './path.ts'
import type { Subject } from './subject.ts'

/** The segment set with this key, created empty where there is none. */
export interface PreparedSegmentSet {
  id: number
  networkId: number
  datasetId: number
  computed: boolean
  /** The job that last worked on it. */
  jobId: string | null
}

/** What tells segment sets apart. */
interface NaturalKey extends Pick<SegmentSetKey, 'fromLayer' | 'toLayer' | 'pairs' | 'seed'> {
  networkId: number
  datasetId: number
}

/** Pairs of a set at most: their columns are in memory for its summary, 128 bytes a pair. */
const MAX_PAIRS = 1_000_000

/** Greatest seed: a number that GraphQL and Postgres hold. */
const MAX_SEED = 2 ** 31 - 1

/**
 * Finds or creates a segment set; its segments come later, from its job. One that was walked before profiles were stored
 * is emptied, for the job to walk it anew.
 *
 * @param pairCount pairs that the dataset's inputs have
 * @throws AtlasError BAD_ARGUMENT (pairs or seed), TOO_FEW_INPUTS (a dataset without a pair)
 */
export async function prepareSegmentSet(
  tx: PrismaTransaction,
  key: SegmentSetKey,
  { network, dataset }: Subject,
  pairCount: number,
): Promise<PreparedSegmentSet> {
  checkChoice(key)
  if (pairCount === 0)
    throw new AtlasError(
      'TOO_FEW_INPUTS',
      `The dataset "${dataset.name}" has one input: a segment needs two, choose a dataset with more.`,
    )
  const { fromLayer, toLayer, pairs, seed } = key
  const natural = { networkId: network.id, datasetId: dataset.id, fromLayer, toLayer, pairs, seed }
  await forgetUnprofiled(tx, natural)
  const set = await tx.segmentSet.upsert({
    where: { networkId_datasetId_fromLayer_toLayer_pairs_seed: natural },
    create: { ...natural, pairCount: BigInt(pairCount), segmentCount: Math.min(pairs, pairCount) },
    update: {},
  })
  const { id, computedAt, jobId } = set
  return { id, networkId: network.id, datasetId: dataset.id, computed: computedAt !== null, jobId }
}

/** Empties a computed set whose segments have no profile, in one statement: its id stays. */
async function forgetUnprofiled(
  tx: PrismaTransaction,
  { networkId, datasetId, fromLayer, toLayer, pairs, seed }: NaturalKey,
): Promise<void> {
  await tx.$executeRaw`
    with emptied as (
      update segment_set t set computed_at = null
      where network_id = ${networkId} and dataset_id = ${datasetId} and from_layer = ${fromLayer}
        and to_layer = ${toLayer} and pairs = ${pairs} and seed = ${seed} and computed_at is not null
        and exists (select from segment s where s.set_id = t.id and s.index = 0 and s.profile = '')
      returning id),
    ungrouped as (delete from segment_group g using emptied where g.set_id = emptied.id)
    delete from segment s using emptied where s.set_id = emptied.id`
}

function checkChoice({ pairs, seed }: SegmentSetKey): void {
  if (pairs < 1 || pairs > MAX_PAIRS)
    throw new AtlasError('BAD_ARGUMENT', `pairs is ${pairs}: ask for 1 to ${MAX_PAIRS} pairs.`)
  if (seed < 0 || seed > MAX_SEED)
    throw new AtlasError('BAD_ARGUMENT', `seed is ${seed}: choose a seed from 0 to ${MAX_SEED}.`)
}
