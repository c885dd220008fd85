import { AtlasError } from '../../../compute/errors.ts'
import { checkReady } from '../../jobs/commands/readyPartition.ts'
import { inputImage } from '../../jobs/direct/inputImage.ts'
import { inputText, inputTokens } from '../../jobs/direct/inputText.ts'
import { inputValues } from '../../jobs/direct/inputValues.ts'
import { existing } from '../../store/existing.ts'
import type { InputRow } from '../../store/models.ts'
import { inputRegionFilter, inputRegionOrder } from '../../store/regions.ts'
import { firstOf, storedConnection } from '../connection.ts'
import type { Context } from '../context.ts'
import type { InputNearestArgs, InputResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { datasetOf, networkOfName, partitionOfId, readSample } from '../lookup.ts'
import { readNovelty } from '../novelty.ts'
import { readPrediction } from '../prediction.ts'
import { readSoftCode } from '../softCode.ts'
import { regionColumnsAsked } from '../regionsAsked.ts'

/** A sample: what it holds, what networks make of it, what lies near it. */
export const inputResolvers: InputResolvers = {
  id: ({ datasetId, index }) => toGlobalId(idTypes.Input, [datasetId, index]),
  path: async (input, _args, { loaders }) => `${(await datasetOf(input, loaders)).name}/${input.index}`,
  dataset: (input, _args, { loaders }) => datasetOf(input, loaders),
  async values(input, _args, { loaders }) {
    const { raw, dataset } = await readSample(input, loaders)
    return [...inputValues(raw, dataset)]
  },
  async image(input, _args, { loaders }) {
    const { raw, dataset } = await readSample(input, loaders)
    return inputImage(raw, dataset)
  },
  async tokens(input, _args, { loaders }) {
    const { raw, dataset } = await readSample(input, loaders)
    return inputTokens(loaders, raw, dataset)
  },
  async text(input, _args, { loaders }) {
    const { raw, dataset } = await readSample(input, loaders)
    return inputText(loaders, raw, dataset)
  },
  prediction: async (input, { network }, { loaders }) =>
    readPrediction(await networkOfName(network, loaders), input, loaders),
  async region({ datasetId, index }, { partition: id, position }, { loaders }) {
    const partition = await partitionOfId(id, loaders)
    if (partition.datasetId !== datasetId) return null
    return loaders.regionOfSite.load([partition.id, index, position ?? 0])
  },
  regions: ({ datasetId, index }, args, { loaders }, info) =>
    storedConnection(loaders.regionsOfInput, [datasetId, index], args, info, {
      order: inputRegionOrder,
      columns: regionColumnsAsked,
      filter: inputRegionFilter(args.filter ?? {}),
    }),
  softCode: readSoftCode,
  nearest,
  novelty: readNovelty,
}

async function nearest(
  { datasetId, index }: InputRow,
  args: Pick<InputNearestArgs, 'partition' | 'first'>,
  { loaders, scans }: Context,
) {
  const first = firstOf(args)
  const partition = checkReady(await partitionOfId(args.partition, loaders))
  if (partition.datasetId !== datasetId)
    throw new AtlasError(
      'BAD_ARGUMENT',
      'The partition cuts another dataset than that of this input: pass a partition of the same dataset.',
    )
  const [dataset, region] = await Promise.all([
    loaders.datasetById.load([datasetId]),
    loaders.regionOfSite.load([partition.id, index, partition.positionStart]),
  ])
  const { inputCount } = existing(dataset)
  const question = { partition, inputCount, input: index, region: existing(region).index, first }
  const near = await scans.nearestInputs(question)
  const inputs = await Promise.all(near.map(({ input }) => loaders.input.load([datasetId, input])))
  return near.map(({ distance }, i) => ({ input: existing(inputs[i]), distance }))
}
