/** The sample atlas: MNIST, networks trained on it at several stages, and what can be asked of them at once. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { importNetwork } from '../jobs/commands/importNetwork.ts'
import { requestClustering } from '../jobs/commands/requestClustering.ts'
import { requestComparison } from '../jobs/commands/requestComparison.ts'
import { requestDirections } from '../jobs/commands/requestDirections.ts'
import { requestEmbedding } from '../jobs/commands/requestEmbedding.ts'
import { requestFacets } from '../jobs/commands/requestFacets.ts'
import { requestNeighbors } from '../jobs/commands/requestNeighbors.ts'
import { requestPartition } from '../jobs/commands/requestPartition.ts'
import { requestSegments } from '../jobs/commands/requestSegments.ts'
import { packageRoot } from '../packageRoot.ts'
import { createSeries } from '../store/createSeries.ts'
import type { Database } from '../store/database.ts'
import { storeFile } from '../store/files.ts'
import { createLoaders } from '../store/loaders.ts'
import { findName } from '../store/names.ts'
import { ALL_POSITIONS } from '../store/path.ts'
import { importImages, sampleDatasets, type SampleSize } from './images.ts'
import { waitForJobs } from './waitForJobs.ts'

export type { SampleSize }

const NETWORKS = join(packageRoot, 'examples', 'networks')
const STORED_NEIGHBORS = 16

/** The network whose last layer's facets are found: 433 regions, a second. Its regions are placed in the plane, too. */
const BOUNDED = 'mnist-a'

/** Two networks that differ only in their seed. */
const SEEDS = ['mnist-a', 'mnist-b']

/** Whole networks to compare: two seeds (their last layers, too), the end of training, training as a whole. */
const COMPARISONS = [SEEDS, ['mnist-a-step-3000', 'mnist-a'], ['mnist-a-step-0', 'mnist-a']]

/** The network before its training and after: what is studied of one is to be seen beside the other. */
const STUDIED = ['mnist-a-step-0', 'mnist-a']

/** How the regions of all layers are clustered: smaller sizes give hundreds of clusters. */
const METRICS = ['HAMMING', 'EUCLIDEAN'] as const
const SIZES = { minClusterSize: 10, minSamples: 3 }

/** Directions of all layers and of each: as many components as there are, 32 at most. */
const DIRECTIONS = { components: null, seed: 1 }

/** How the regions of all layers of the trained network, and of its last, are placed in the plane: 3 s. */
const MAP = { neighbors: 15, seed: 1 }

/** The checkpoints of the training of mnist-a, in order of their steps. */
const TRAINING = {
  name: 'mnist-a-training',
  description: 'The training of mnist-a, from before its first step to its end.',
  isMember: ({ name }: SampleNetwork) => /^mnist-a(-step-\d+)?$/.test(name),
}

/** How many lines between pairs of images to walk through each checkpoint of the training. */
const PAIRS = { pairs: 2000, seed: 1 }

const manifestSchema = z.array(
  z.object({
    name: z.string(),
    file: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    step: z.int(),
  }),
)
type SampleNetwork = z.infer<typeof manifestSchema>[number]

/** Reports steps done, of all steps, and what is being done. */
export type SampleProgress = (done: number, total: number, step: string) => void

/** Whether this atlas never loaded the sample; deleting sample networks later does not bring them back. */
export async function sampleIsMissing(db: Database, size: SampleSize): Promise<boolean> {
  return (await db.prisma.note.findUnique({ where: { key: noteKey(size) } })) === null
}

/**
 * Loads the sample atlas; a load that was interrupted goes on where it stopped. The heavy work is queued and
 * done by whatever workers run.
 */
export async function loadSample(db: Database, size: SampleSize, onProgress: SampleProgress): Promise<void> {
  const { name: dataset } = sampleDatasets[size]
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(NETWORKS, 'manifest.json'), 'utf8')))
  onProgress(0, 1, 'reading the images')
  await importImages(db, size)
  const partitions: SpanPartition[] = []
  for (const network of manifest) partitions.push(...(await requestSpans(db, network, dataset)))
  await createTraining(db, manifest)
  const whole = new Map(partitions.filter((p) => p.fromLayer !== p.toLayer).map((p) => [p.network, p.id]))
  // The last layer of each network has the fewest regions and the clearest ones.
  const searched = partitions.filter((p, i) => partitions.at(i + 1)?.network !== p.network)
  const last = new Map(searched.map((p) => [p.network, p.id]))
  const compared = [...COMPARISONS.map((pair) => idsOf(pair, whole)), idsOf(SEEDS, last)]
  const bounded = searched.filter(({ network }) => network === BOUNDED)
  const checkpoints = new Set(manifest.filter(TRAINING.isMember).map(({ name }) => name))
  const walked = partitions.filter((p) => checkpoints.has(p.network) && whole.get(p.network) === p.id)
  const studied = partitions.filter((p) => STUDIED.includes(p.network) && whole.get(p.network) === p.id)
  const clustered = studied.flatMap(({ id }) => METRICS.map((metric) => ({ id, metric })))
  const measured = partitions.filter(({ network }) => STUDIED.includes(network))
  const mapped = [whole, last].flatMap((spans) => idsOf([BOUNDED], spans))
  const total = [partitions, searched, bounded, compared, clustered, measured, mapped, walked].reduce(
    (n, list) => n + list.length,
    0,
  )
  const partitionJobs = partitions.map((p) => p.jobId).filter((id) => id !== null)
  const skipped = partitions.length - partitionJobs.length
  await waitForJobs(db, partitionJobs, (done) =>
    onProgress(skipped + done, total, 'cutting the images into regions'),
  )
  const later: string[] = []
  for (const { id } of searched) later.push(await requestNeighbors(db, id, STORED_NEIGHBORS))
  for (const { id: partitionId } of bounded)
    later.push(await requestFacets(db, { partitionId, region: null, limit: null, box: null }))
  for (const [a, b] of compared) {
    const job = await requestComparison(db, a, b)
    if (job !== null) later.push(job)
  }
  for (const { id, metric } of clustered) {
    const { jobId } = await requestClustering(db, id, { metric, ...SIZES })
    if (jobId !== null) later.push(jobId)
  }
  for (const { id } of measured) {
    const { jobId } = await requestDirections(db, id, DIRECTIONS)
    if (jobId !== null) later.push(jobId)
  }
  for (const id of mapped) {
    const { jobId } = await requestEmbedding(db, id, MAP)
    if (jobId !== null) later.push(jobId)
  }
  for (const { network, fromLayer, toLayer } of walked) {
    const { jobId } = await requestSegments(db, { network, dataset, fromLayer, toLayer, ...PAIRS })
    if (jobId !== null) later.push(jobId)
  }
  await waitForJobs(db, later, (done) =>
    onProgress(
      total - later.length + done,
      total,
      'finding neighbours, facets, clusters, directions and maps, comparing networks, walking segments',
    ),
  )
  const key = noteKey(size)
  await db.prisma.note.upsert({ where: { key }, create: { key, value: 'loaded' }, update: {} })
}

/** The partitions of some networks, by name. */
function idsOf(names: readonly string[], partitions: ReadonlyMap<string, number>): number[] {
  return names.flatMap((name) => partitions.get(name) ?? [])
}

interface SpanPartition {
  network: string
  fromLayer: number
  toLayer: number
  id: number
  jobId: string | null
}

/** Imports a network and asks for its partitions: the whole first, which encodes all layers, then each layer. */
async function requestSpans(db: Database, network: SampleNetwork, dataset: string): Promise<SpanPartition[]> {
  const file = await storeFile(db, join(NETWORKS, network.file))
  const networkId = await importNetwork(db, { ...network, file })
  const layers = await createLoaders(db).layersOfNetwork.load([networkId])
  const spans = [[0, layers.length - 1], ...layers.map((layer) => [layer.index, layer.index])]
  const partitions: SpanPartition[] = []
  for (const [fromLayer, toLayer] of spans) {
    const key = {
      network: network.name,
      dataset,
      fromLayer,
      toLayer,
      granularity: 'WHOLE_INPUT' as const,
      ...ALL_POSITIONS,
    }
    const { partitionId, jobId } = await requestPartition(db, key)
    partitions.push({ network: network.name, fromLayer, toLayer, id: partitionId, jobId })
  }
  return partitions
}

/** Makes the series of a training's checkpoints, unless its name is taken. */
async function createTraining(db: Database, manifest: readonly SampleNetwork[]): Promise<void> {
  const { name, description, isMember } = TRAINING
  if ((await findName(db, name)) !== null) return
  const members = manifest.filter(isMember).map((network) => ({ network: network.name, step: network.step }))
  await createSeries(db, { name, description, members })
}

function noteKey(size: SampleSize): string {
  return `sample:${sampleDatasets[size].name}`
}
