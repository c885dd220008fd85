/** All segments of a set as flat rows, read batch by batch in order. */
import { AtlasError } from '../../compute/errors.ts'
import { sql, type Database } from './database.ts'

/** A segment as it is exported; the words are those of the GraphQL schema. */
export interface ExportedSegment {
  /** Path of the segment set. */
  segments: string
  /** Index of the segment in the set. */
  segment: number
  /** Indices of the inputs in their dataset. */
  fromInput: number
  toInput: number
  fromLabel: number | null
  toLabel: number | null
  length: number
  regionCount: number
  endpointHammingDistance: number
  predictionChanges: number
  /** Null for a segment of no length, as the other density. */
  boundaryDensity: number | null
  endpointDensity: number | null
}

const BATCH = 8192

/** Batches of segments. Throws SEGMENT_SET_DELETED where rows vanish meanwhile, rather than leave some out. */
export async function* exportSegments(
  db: Database,
  set: { id: number; path: string; datasetId: number; segmentCount: number },
): AsyncGenerator<ExportedSegment[]> {
  for (let from = 0; from < set.segmentCount; from += BATCH) {
    const rows = await db.query<Omit<ExportedSegment, 'segments'>>(
      sql`select s.index as segment, s.from_input as "fromInput", s.to_input as "toInput", a.label as "fromLabel",
            b.label as "toLabel", s.length, s.region_count as "regionCount",
            s.endpoint_distance as "endpointHammingDistance", s.prediction_changes as "predictionChanges",
            (s.region_count - 1) / nullif(s.length, 0) as "boundaryDensity",
            s.endpoint_distance / nullif(s.length, 0) as "endpointDensity"
          from segment s
          join input a on a.dataset_id = ${set.datasetId} and a.index = s.from_input
          join input b on b.dataset_id = ${set.datasetId} and b.index = s.to_input
          where s.set_id = ${set.id} and s.index >= ${from} and s.index < ${from + BATCH}
          order by s.index`,
    )
    if (rows.length !== Math.min(BATCH, set.segmentCount - from)) throw deleted(set.path)
    yield rows.map((row) => ({ segments: set.path, ...row }))
  }
}

function deleted(path: string): AtlasError {
  return new AtlasError(
    'SEGMENT_SET_DELETED',
    `The segment set "${path}" was deleted while it was read: nothing was kept of the export.`,
  )
}
