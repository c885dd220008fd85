import { cancelJob } from '../../jobs/commands/cancelJob.ts'
import { importNetwork } from '../../jobs/commands/importNetwork.ts'
import { requestClustering } from '../../jobs/commands/requestClustering.ts'
import { requestComparison } from '../../jobs/commands/requestComparison.ts'
import { requestComparisons } from '../../jobs/commands/requestComparisons.ts'
import { requestDatasetImport } from '../../jobs/commands/requestDatasetImport.ts'
import { requestEnumeration } from '../../jobs/commands/requestEnumeration.ts'
import { requestDirections } from '../../jobs/commands/requestDirections.ts'
import { requestEmbedding } from '../../jobs/commands/requestEmbedding.ts'
import { requestFacets } from '../../jobs/commands/requestFacets.ts'
import { requestNeighbors } from '../../jobs/commands/requestNeighbors.ts'
import { requestPartition } from '../../jobs/commands/requestPartition.ts'
import { requestSegments } from '../../jobs/commands/requestSegments.ts'
import { createSeries } from '../../store/createSeries.ts'
import { whileWaiting } from '../../store/database.ts'
import { existing } from '../../store/existing.ts'
import { deleteDataset, deleteNetwork, deleteSeries } from '../../store/deleteEntity.ts'
import { createLoaders, type Loaders } from '../../store/loaders.ts'
import type { JobRow } from '../../store/models.ts'
import type { Context } from '../context.ts'
import { facetsRequest } from '../facetsRequest.ts'
import type { MutationResolvers, WalkSegmentsInput } from '../generated/types.ts'
import { idTypes, parseGlobalId, toGlobalId } from '../globalId.ts'
import { networkOfName, partitionOfId, partitionsOfIds } from '../lookup.ts'
import { positionRange } from '../positionFilter.ts'

/** What changes the atlas: each calls one command and reads back what that left. */
export const mutationResolvers: MutationResolvers = {
  async importNetwork(_root, { input }, context) {
    const { name, file, description, tags } = input
    const request = { name, file, description: description ?? '', tags: tags ?? [] }
    const id = await importNetwork(context.db, request)
    return { network: existing(await renew(context).networkById.load([id])) }
  },
  async importDataset(_root, { input }, context) {
    const { labels = null, classNames = null, shape = null, scale = null, labelColumn = null } = input
    const { name, file, vocabulary = null } = input
    const request = { name, file, labels, vocabulary, classNames, shape, scale, labelColumn }
    const id = await requestDatasetImport(context.db, request)
    return { dataset: null, job: await readJob(id, renew(context)) }
  },
  async createPartition(_root, { input }, context) {
    const { network, dataset, fromLayer, toLayer } = input
    const granularity = input.granularity ?? 'WHOLE_INPUT'
    const key = {
      network,
      dataset,
      fromLayer,
      toLayer,
      granularity,
      ...positionRange(granularity, input.positions),
    }
    const { partitionId, jobId } = await requestPartition(context.db, key)
    const loaders = renew(context)
    const [partition, job] = await Promise.all([
      loaders.partitionById.load([partitionId]),
      jobId === null ? null : readJob(jobId, loaders),
    ])
    return { partition: existing(partition), job }
  },
  async computeNeighbors(_root, { input }, context) {
    const partition = await partitionOfId(input.partition, renew(context))
    const id = await requestNeighbors(context.db, partition.id, input.k ?? 16)
    return { job: await readJob(id, renew(context)) }
  },
  async enumerateRegions(_root, { input }, context) {
    const { network, box, toLayer = null, limit } = input
    const request = { network, ...box, toLayer, limit: limit ?? 10_000 }
    const { complexId, jobId } = await requestEnumeration(context.db, request)
    const loaders = renew(context)
    const [complex, job] = await Promise.all([
      loaders.complexById.load([complexId]),
      jobId === null ? null : readJob(jobId, loaders),
    ])
    return { complex: existing(complex), job }
  },
  async computeFacets(_root, { input }, context) {
    const id = await requestFacets(context.db, await facetsRequest(input, renew(context)))
    return { job: await readJob(id, renew(context)) }
  },
  async compare(_root, { input }, context) {
    const loaders = renew(context)
    const [a, b] = await Promise.all([partitionOfId(input.a, loaders), partitionOfId(input.b, loaders)])
    const jobId = await requestComparison(context.db, a.id, b.id)
    const after = renew(context)
    const [comparison, job] = await Promise.all([
      after.comparisonOf.load([a.id, b.id]),
      jobId === null ? null : readJob(jobId, after),
    ])
    return { comparison, job }
  },
  async compareAll(_root, { partitions }, context) {
    const rows = await partitionsOfIds(partitions, renew(context))
    const ids = await requestComparisons(context.db, rows)
    const loaders = renew(context)
    return { jobs: await Promise.all(ids.map((id) => readJob(id, loaders))) }
  },
  async createSeries(_root, { input }, context) {
    const { name, description, members } = input
    const id = await createSeries(context.db, { name, description: description ?? '', members })
    return { series: existing(await renew(context).seriesById.load([id])) }
  },
  async walkSegments(_root, { input }, context) {
    const { network, dataset } = input
    const { fromLayer, toLayer } = await spanOfNetwork(input, renew(context))
    const key = { network, dataset, fromLayer, toLayer, pairs: input.pairs ?? 2000, seed: input.seed ?? 1 }
    const { segmentSetId, jobId } = await requestSegments(context.db, key)
    const loaders = renew(context)
    const [segmentSet, job] = await Promise.all([
      loaders.segmentSetById.load([segmentSetId]),
      jobId === null ? null : readJob(jobId, loaders),
    ])
    return { segmentSet: existing(segmentSet), job }
  },
  async clusterRegions(_root, { input }, context) {
    const partition = await partitionOfId(input.partition, renew(context))
    const minClusterSize = input.minClusterSize ?? 5
    const { clusteringId, jobId } = await requestClustering(context.db, partition.id, {
      metric: input.metric ?? 'HAMMING',
      minClusterSize,
      minSamples: input.minSamples ?? minClusterSize,
    })
    const loaders = renew(context)
    const [clustering, job] = await Promise.all([
      loaders.clusteringById.load([clusteringId]),
      jobId === null ? null : readJob(jobId, loaders),
    ])
    return { clustering: existing(clustering), job }
  },
  async measureDirections(_root, { input }, context) {
    const partition = await partitionOfId(input.partition, renew(context))
    const wanted = { components: input.components ?? null, seed: input.seed ?? 1 }
    const { directionSetId, jobId } = await requestDirections(context.db, partition.id, wanted)
    const loaders = renew(context)
    const [directionSet, job] = await Promise.all([
      loaders.directionSetById.load([directionSetId]),
      jobId === null ? null : readJob(jobId, loaders),
    ])
    return { directionSet: existing(directionSet), job }
  },
  async embedRegions(_root, { input }, context) {
    const partition = await partitionOfId(input.partition, renew(context))
    const parameters = { neighbors: input.neighbors ?? 15, seed: input.seed ?? 1 }
    const { embeddingId, jobId } = await requestEmbedding(context.db, partition.id, parameters)
    const loaders = renew(context)
    const [embedding, job] = await Promise.all([
      loaders.embeddingById.load([embeddingId]),
      jobId === null ? null : readJob(jobId, loaders),
    ])
    return { embedding: existing(embedding), job }
  },
  async cancelJob(_root, args, context) {
    const [id] = parseGlobalId(args.id, idTypes.Job)
    await cancelJob(context.db, id)
    return { job: await readJob(id, renew(context)) }
  },
  async deleteNetwork(_root, args, context) {
    const { id, name } = await deleteNetwork(context.db, args.name)
    renew(context)
    return { deletedId: toGlobalId(idTypes.Network, [id]), name }
  },
  async deleteDataset(_root, args, context) {
    const { id, name } = await deleteDataset(context.db, args.name)
    renew(context)
    return { deletedId: toGlobalId(idTypes.Dataset, [id]), name }
  },
  async deleteSeries(_root, args, context) {
    const { id, name } = await deleteSeries(context.db, args.name)
    renew(context)
    return { deletedId: toGlobalId(idTypes.Series, [id]), name }
  },
}

/** The span of an argument with its defaults: from the first layer, to the last. Throws UNKNOWN_NETWORK. */
async function spanOfNetwork(
  { network: name, fromLayer, toLayer }: WalkSegmentsInput,
  loaders: Loaders,
): Promise<{ fromLayer: number; toLayer: number }> {
  const network = await networkOfName(name, loaders)
  const layers = await loaders.layersOfNetwork.load([network.id])
  return { fromLayer: fromLayer ?? 0, toLayer: toLayer ?? layers.length - 1 }
}

/** Forgets what the request has read before. */
function renew(context: Context): Loaders {
  return (context.loaders = createLoaders(whileWaiting(context.db, context.waiting)))
}

async function readJob(id: string, loaders: Loaders): Promise<JobRow> {
  return existing(await loaders.job.load([id]))
}
