import { codeOfBits } from '../../jobs/direct/bits.ts'
import { comparisonMatrix } from '../../jobs/direct/comparisonMatrix.ts'
import { datasetOrder } from '../../store/datasets.ts'
import { jobOrder, jobStateFilter } from '../../store/jobs.ts'
import { networkFilter, networkOrders } from '../../store/networks.ts'
import { partitionFilter, partitionOrder } from '../../store/partitions.ts'
import { seriesOrder } from '../../store/series.ts'
import { storedConnection } from '../connection.ts'
import { readDisagreements } from '../disagreements.ts'
import { readDivergence } from '../divergence.ts'
import { readEntity } from '../entity.ts'
import type { QueryResolvers } from '../generated/types.ts'
import { idTypes, parseGlobalId } from '../globalId.ts'
import {
  complexOfPath,
  partitionOfId,
  partitionOfPath,
  partitionsOfIds,
  segmentSetOfPath,
} from '../lookup.ts'
import { readNode, readNodes } from '../node.ts'
import { readRoutingTree } from '../routingTree.ts'
import { readSegment } from '../segment.ts'
import { readSharedCode } from '../sharedCode.ts'
import { readSlice } from '../slice.ts'
import { readSweep } from '../sweep.ts'

/** The ways into the atlas. */
export const queryResolvers: QueryResolvers = {
  node: (_root, { id }, { loaders }) => readNode(id, loaders),
  nodes: (_root, { ids }, { loaders }) => readNodes(ids, loaders),
  entity: (_root, { path }, { loaders }) => readEntity(path, loaders),
  network: (_root, { name }, { loaders }) => loaders.networkByName.load([name]),
  networks: (_root, args, { loaders }, info) =>
    storedConnection(loaders.networks, [], args, info, {
      order: networkOrders[args.orderBy ?? 'NAME_ASC'],
      filter: networkFilter(args.filter ?? {}),
    }),
  dataset: (_root, { name }, { loaders }) => loaders.datasetByName.load([name]),
  datasets: (_root, args, { loaders }, info) =>
    storedConnection(loaders.datasets, [], args, info, { order: datasetOrder }),
  partition: (_root, { path }, { loaders }) => partitionOfPath(path, loaders),
  partitions: (_root, args, { loaders }, info) =>
    storedConnection(loaders.partitions, [], args, info, {
      order: partitionOrder,
      filter: partitionFilter(args.filter ?? {}),
    }),
  complex: (_root, { path }, { loaders }) => complexOfPath(path, loaders),
  async code(_root, { bits }, { loaders }) {
    const { hash, bitCount, bytes } = codeOfBits(bits)
    const code = await loaders.code.load([hash, bitCount])
    return code?.bits.equals(bytes) ? code : null
  },
  routingTree: (_root, args, context) => readRoutingTree(args, context),
  segment: (_root, args, context) => readSegment(args, context),
  segmentSet: (_root, { path }, { loaders }) => segmentSetOfPath(path, loaders),
  sharedCode: (_root, args, context) => readSharedCode(args, context),
  slice: (_root, args, context) => readSlice(args, context),
  sweep: (_root, args, context) => readSweep(args, context),
  divergence: (_root, args, context) => readDivergence(args, context),
  async comparison(_root, args, { loaders }) {
    const [a, b] = await Promise.all([partitionOfId(args.a, loaders), partitionOfId(args.b, loaders)])
    return loaders.comparisonOf.load([a.id, b.id])
  },
  comparisonMatrix: async (_root, { partitions, metric }, { db, loaders }) =>
    comparisonMatrix(db, await partitionsOfIds(partitions, loaders), metric),
  disagreements: (_root, args, context) => readDisagreements(args, context),
  series: (_root, { name }, { loaders }) => loaders.seriesByName.load([name]),
  seriesList: (_root, args, { loaders }, info) =>
    storedConnection(loaders.series, [], args, info, { order: seriesOrder }),
  job: (_root, { id }, { loaders }) => loaders.job.load(parseGlobalId(id, idTypes.Job)),
  jobs: (_root, args, { loaders }, info) =>
    storedConnection(loaders.jobs, [], args, info, {
      order: jobOrder,
      ...(args.state ? { filter: jobStateFilter(args.state) } : {}),
    }),
}
