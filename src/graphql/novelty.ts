import { checkReady } from '../jobs/commands/readyPartition.ts'
import { siteNovelty } from '../jobs/direct/novelty.ts'
import { existing } from '../store/existing.ts'
import type { InputRow } from '../store/models.ts'
import type { Context } from './context.ts'
import type { InputNoveltyArgs } from './generated/types.ts'
import { partitionOfId } from './lookup.ts'

/** How new an input is to a partition. Throws BAD_ID, BAD_PATH, UNKNOWN_PARTITION, PARTITION_NOT_READY, NOT_COMPUTED. */
export async function readNovelty(
  input: InputRow,
  args: Pick<InputNoveltyArgs, 'partition'> & Partial<InputNoveltyArgs>,
  { loaders, scans }: Context,
) {
  const partition = checkReady(await partitionOfId(args.partition, loaders))
  const found = await siteNovelty(loaders, scans, partition, input, args.position ?? 0)
  if (!found) return null
  const { region, distance, percentile } = found
  const nearest = existing(await loaders.region.load([partition.id, region]))
  return { partition, distance, percentile, nearest }
}
