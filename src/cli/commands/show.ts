import { AtlasError } from '../../../compute/errors.ts'
import { findName } from '../../store/names.ts'
import { parsePath } from '../../store/path.ts'
import {
  findClusteringByKey,
  findDataset,
  findDirectionSetByKey,
  findEmbeddingByKey,
  findNetwork,
  findPartitionByKey,
  findSegmentSetByKey,
} from '../resolve.ts'
import type { AtlasCli } from '../session.ts'
import type { Answer } from '../show/answer.ts'
import { clusterAnswer, clusteringAnswer } from '../show/clustering.ts'
import { complexAnswer, complexRegionAnswer } from '../show/complex.ts'
import { datasetAnswer } from '../show/dataset.ts'
import { directionSetAnswer } from '../show/directionSet.ts'
import { embeddingAnswer } from '../show/embedding.ts'
import { inputAnswer } from '../show/input.ts'
import { layerAnswer } from '../show/layer.ts'
import { networkAnswer } from '../show/network.ts'
import { partitionAnswer } from '../show/partition.ts'
import { regionAnswer } from '../show/region.ts'
import { segmentSetAnswer } from '../show/segmentSet.ts'
import { seriesAnswer } from '../show/series.ts'

/** `atlas show`: whatever the path names. */
export async function showCommand(cli: AtlasCli, path: string): Promise<void> {
  const { document, text } = await answerFor(cli, path)
  cli.output.answer(document, text)
}

async function answerFor(cli: AtlasCli, path: string): Promise<Answer> {
  const parsed = parsePath(path)
  if (parsed.kind === 'partition') return partitionAnswer(cli, await findPartitionByKey(cli.loaders, parsed))
  if (parsed.kind === 'complex') return complexAnswer(cli, parsed)
  if (parsed.kind === 'complexRegion') return complexRegionAnswer(cli, parsed, parsed.codeHash)
  if (parsed.kind === 'region') return regionAnswer(cli, parsed)
  if (parsed.kind === 'segments') return segmentSetAnswer(cli, await findSegmentSetByKey(cli.loaders, parsed))
  if (parsed.kind === 'clustering')
    return clusteringAnswer(cli, await findClusteringByKey(cli.loaders, parsed))
  if (parsed.kind === 'directions')
    return directionSetAnswer(cli, await findDirectionSetByKey(cli.loaders, parsed))
  if (parsed.kind === 'embedding') return embeddingAnswer(cli, await findEmbeddingByKey(cli.loaders, parsed))
  if (parsed.kind === 'cluster') return clusterAnswer(cli, parsed)
  const kind = await findName(cli.atlas.db, parsed.name)
  if (kind === null)
    throw new AtlasError(
      'UNKNOWN_PATH',
      `There is no network, dataset or series "${parsed.name}": \`atlas list\` shows what there is.`,
    )
  if (kind === 'network') {
    const network = await findNetwork(cli.loaders, parsed.name)
    return parsed.kind === 'indexed' ? layerAnswer(cli, network, parsed.index) : networkAnswer(cli, network)
  }
  if (kind === 'series') {
    if (parsed.kind === 'named') return seriesAnswer(cli, parsed.name)
    throw new AtlasError('BAD_PATH', `"${path}" is no path: a series has no parts, show "${parsed.name}".`)
  }
  const dataset = await findDataset(cli.loaders, parsed.name)
  return parsed.kind === 'indexed' ? inputAnswer(cli, dataset, parsed.index) : datasetAnswer(dataset)
}
