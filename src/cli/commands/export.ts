import { existing } from '../../store/existing.ts'
import {
  exportClusters,
  exportRegionClusters,
  type ExportedCluster,
  type ExportedRegionCluster,
} from '../../store/exportClusters.ts'
import {
  exportMemberships,
  exportRegions,
  type ExportedMembership,
  type ExportedRegion,
} from '../../store/exportRows.ts'
import { exportSegments, type ExportedSegment } from '../../store/exportSegments.ts'
import { clusteringSuffix, parsePath, partitionPath, type ClusteringKey } from '../../store/path.ts'
import { startExport, type ExportOptions } from '../exportFiles.ts'
import { count } from '../format.ts'
import { findReadyClustering, findReadyPartition, findReadySegmentSet } from '../resolve.ts'
import type { Columns } from '../rowFiles.ts'
import type { AtlasCli } from '../session.ts'
import { partitionView, segmentSetView } from '../views.ts'

const regionColumns: Columns<ExportedRegion> = {
  partition: 'string',
  region: 'int32',
  codeHash: 'string',
  bitCount: 'int32',
  code: 'string',
  memberCount: 'int32',
  activeBitCount: 'int32',
  exemplarInput: 'int32',
  exemplarPosition: 'int32',
  label: 'nullable int32',
  labels: 'int32 list',
  labelCounts: 'int32 list',
  labelEntropy: 'double',
  purity: 'double',
  margin: 'float',
}

const membershipColumns: Columns<ExportedMembership> = {
  partition: 'string',
  input: 'int32',
  position: 'int32',
  region: 'int32',
  label: 'nullable int32',
  margin: 'float',
}

const segmentColumns: Columns<ExportedSegment> = {
  segments: 'string',
  segment: 'int32',
  fromInput: 'int32',
  toInput: 'int32',
  fromLabel: 'nullable int32',
  toLabel: 'nullable int32',
  length: 'double',
  regionCount: 'int32',
  endpointHammingDistance: 'int32',
  predictionChanges: 'int32',
  boundaryDensity: 'nullable double',
  endpointDensity: 'nullable double',
}

const clusterColumns: Columns<ExportedCluster> = {
  clustering: 'string',
  cluster: 'int32',
  regionCount: 'int32',
  memberCount: 'int32',
  exemplarRegion: 'int32',
  label: 'nullable int32',
  labels: 'int32 list',
  labelCounts: 'int32 list',
  labelEntropy: 'double',
  purity: 'double',
  stability: 'double',
}

const regionClusterColumns: Columns<ExportedRegionCluster> = {
  clustering: 'string',
  region: 'int32',
  codeHash: 'string',
  memberCount: 'int32',
  cluster: 'nullable int32',
  probability: 'double',
  outlierScore: 'double',
}

/** `atlas export`: files of a partition, a clustering or a segment set, each there whole or not at all. */
export function exportCommand(cli: AtlasCli, path: string, options: ExportOptions): Promise<void> {
  const parsed = parsePath(path)
  if (parsed.kind === 'segments') return exportSegmentSet(cli, path, options)
  if (parsed.kind === 'clustering') return exportClustering(cli, parsed, options)
  return exportPartition(cli, path, options)
}

async function exportPartition(cli: AtlasCli, given: string, options: ExportOptions): Promise<void> {
  const { db } = cli.atlas
  const row = await findReadyPartition(cli.loaders, given)
  const { path } = await partitionView(cli.loaders, row)
  const subject = { ...row, path }
  const files = startExport(cli, 'partition', path, row.regionCount + row.siteCount, options)
  try {
    const regions = await files.write('regions', exportRegions(db, subject), regionColumns)
    const memberships = await files.write('memberships', exportMemberships(db, subject), membershipColumns)
    cli.output.answer(
      {
        partition: path,
        format: options.format,
        regions: { file: regions, rows: row.regionCount },
        memberships: { file: memberships, rows: row.siteCount },
      },
      `${regions}  ${count(row.regionCount)} regions\n${memberships}  ${count(row.siteCount)} memberships`,
    )
  } finally {
    files.end()
  }
}

async function exportClustering(cli: AtlasCli, key: ClusteringKey, options: ExportOptions): Promise<void> {
  const { db } = cli.atlas
  const row = await findReadyClustering(cli.loaders, key)
  const { regionCount } = existing(await cli.loaders.partitionById.load([row.partitionId]))
  const path = `${partitionPath(key)}/${clusteringSuffix(row)}`
  const subject = { ...row, path, regionCount }
  const files = startExport(cli, 'clustering', path, row.clusterCount + regionCount, options)
  try {
    const clusters = await files.write('clusters', exportClusters(db, subject), clusterColumns)
    const regions = await files.write('regions', exportRegionClusters(db, subject), regionClusterColumns)
    cli.output.answer(
      {
        clustering: path,
        format: options.format,
        clusters: { file: clusters, rows: row.clusterCount },
        regions: { file: regions, rows: regionCount },
      },
      `${clusters}  ${count(row.clusterCount)} clusters\n${regions}  ${count(regionCount)} regions`,
    )
  } finally {
    files.end()
  }
}

async function exportSegmentSet(cli: AtlasCli, given: string, options: ExportOptions): Promise<void> {
  const row = await findReadySegmentSet(cli.loaders, given)
  const { path } = await segmentSetView(cli.loaders, row)
  const files = startExport(cli, 'segments', path, row.segmentCount, options)
  try {
    const batches = exportSegments(cli.atlas.db, { ...row, path })
    const file = await files.write('segments', batches, segmentColumns)
    cli.output.answer(
      { segmentSet: path, format: options.format, segments: { file, rows: row.segmentCount } },
      `${file}  ${count(row.segmentCount)} segments`,
    )
  } finally {
    files.end()
  }
}
