import { existing } from '../../store/existing.ts'
import type { EmbeddingRow } from '../../store/models.ts'
import { embeddingSuffix } from '../../store/path.ts'
import { count, moment } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { fields } from '../text.ts'
import { partitionView } from '../views.ts'
import type { Answer } from './answer.ts'

/** A map of a partition's regions; where they lie is for programs, over GraphQL. */
export async function embeddingAnswer({ loaders }: AtlasCli, row: EmbeddingRow): Promise<Answer> {
  const partition = await partitionView(
    loaders,
    existing(await loaders.partitionById.load([row.partitionId])),
  )
  const { neighbors, seed, jobId, computedAt, createdAt } = row
  const path = `${partition.path}/${embeddingSuffix(row)}`
  const { regionCount } = partition
  return {
    document: {
      kind: 'embedding',
      ...{ path, partition: partition.path, regionCount, neighbors, seed, jobId, computedAt, createdAt },
    },
    text: fields([
      ['map', path],
      ['regions', computedAt ? count(regionCount) : 'not computed'],
      ['computed', computedAt && moment(computedAt)],
    ]),
  }
}
