import { AtlasError } from '../../../compute/errors.ts'
import { datasetOrder } from '../../store/datasets.ts'
import { jobOrder } from '../../store/jobs.ts'
import type { Loaders } from '../../store/loaders.ts'
import { networkOrders } from '../../store/networks.ts'
import { partitionOrder } from '../../store/partitions.ts'
import { seriesOrder } from '../../store/series.ts'
import { collect } from '../collect.ts'
import { decimal, moment } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { section, sections, table, type Cell } from '../text.ts'
import {
  datasetView,
  jobView,
  networkView,
  partitionView,
  seriesView,
  type JobView,
  type PartitionView,
} from '../views.ts'

export interface ListOptions {
  first: number
}

const KINDS = ['networks', 'datasets', 'series', 'partitions', 'jobs'] as const
type Kind = (typeof KINDS)[number]

const LATEST_JOBS = 5

interface Listing {
  totalCount: number
  nodes: readonly object[]
  header: string[]
  rows: Cell[][]
}

/** `atlas list` */
export async function listCommand(
  cli: AtlasCli,
  what: string | undefined,
  { first }: ListOptions,
): Promise<void> {
  const wanted = KINDS.filter((kind) => what === undefined || what === kind)
  if (wanted.length === 0)
    throw new AtlasError('BAD_ARGUMENT', `There is no list of "${what}": choose one of ${KINDS.join(', ')}.`)
  const listings: [Kind, Listing][] = []
  for (const kind of wanted) {
    // Among the other lists only the latest jobs are of interest.
    const count = kind === 'jobs' && what === undefined ? Math.min(first, LATEST_JOBS) : first
    listings.push([kind, await readers[kind](cli.loaders, count)])
  }
  cli.output.answer(
    Object.fromEntries(listings.map(([kind, { totalCount, nodes }]) => [kind, { totalCount, nodes }])),
    sections(...listings.map(([kind, listing]) => listingText(kind, listing))),
  )
}

function listingText(kind: Kind, { totalCount, nodes, header, rows }: Listing): string {
  const title = kind[0].toUpperCase() + kind.slice(1)
  if (rows.length === 0) return section(title, 'none')
  const more =
    totalCount > nodes.length
      ? `\n${nodes.length} of ${totalCount}; atlas list ${kind} --first ${totalCount} shows all`
      : ''
  return section(title, table(header, rows) + more)
}

const readers: Record<Kind, (loaders: Loaders, first: number) => Promise<Listing>> = {
  async networks(loaders, first) {
    const rows = await collect(first, (request) =>
      loaders.networks.page([], { ...request, order: networkOrders.NAME_ASC }),
    )
    return {
      totalCount: await loaders.networks.count([]),
      nodes: rows.map(networkView),
      header: ['name', 'parameters', 'input', 'output', 'tags', 'description'],
      rows: rows.map((n) => [
        n.name,
        n.parameterCount,
        n.inputShape.join('x'),
        n.outputShape.join('x'),
        n.tags.join(' '),
        n.description,
      ]),
    }
  },
  async datasets(loaders, first) {
    const rows = await collect(first, (request) =>
      loaders.datasets.page([], { ...request, order: datasetOrder }),
    )
    return {
      totalCount: await loaders.datasets.count([]),
      nodes: rows.map(datasetView),
      header: ['name', 'inputs', 'shape', 'classes'],
      rows: rows.map((d) => [d.name, d.inputCount, d.shape.join('x'), d.classNames.length]),
    }
  },
  async series(loaders, first) {
    const rows = await collect(first, (request) =>
      loaders.series.page([], { ...request, order: seriesOrder }),
    )
    const nodes = await Promise.all(rows.map((row) => seriesView(loaders, row)))
    return {
      totalCount: await loaders.series.count([]),
      nodes,
      header: ['name', 'networks', 'description'],
      rows: nodes.map((s) => [s.name, s.members.length, s.description]),
    }
  },
  async partitions(loaders, first) {
    const rows = await collect(first, (request) =>
      loaders.partitions.page([], { ...request, order: partitionOrder }),
    )
    const nodes = await Promise.all(rows.map((row) => partitionView(loaders, row)))
    return {
      totalCount: await loaders.partitions.count([]),
      nodes,
      header: partitionHeader,
      rows: nodes.map(partitionCells),
    }
  },
  async jobs(loaders, first) {
    const rows = await collect(first, (request) => loaders.jobs.page([], { ...request, order: jobOrder }))
    const nodes = rows.map(jobView)
    return {
      totalCount: await loaders.jobs.count([]),
      nodes,
      header: ['id', 'kind', 'state', 'done', 'created', 'error'],
      rows: nodes.map(jobCells),
    }
  },
}

export const partitionHeader = ['path', 'bits', 'sites', 'regions', 'label entropy', 'neighbours']

export function partitionCells(p: PartitionView): Cell[] {
  if (p.computedAt === null) return [p.path, p.bitCount, p.siteCount, 'not computed', '', '']
  return [p.path, p.bitCount, p.siteCount, p.regionCount, decimal(p.labelEntropy), p.neighborCount ?? '']
}

function jobCells(job: JobView): Cell[] {
  const share = job.total ? `${Math.floor((100 * job.done) / job.total)} %` : ''
  return [job.id, job.kind, job.state, share, moment(job.createdAt), job.errorCode ?? '']
}
