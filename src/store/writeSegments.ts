/** What the walk of a segment set reads and writes. */
import { bytesOf } from './bytesOf.ts'
import { copyInto } from './copy.ts'
import { copyOut } from './copyOut.ts'
import { sql, type Database, type Executor } from './database.ts'
import type { SegmentGroupRow } from './models.ts'

/** Segments of a chunk, one column each; their indices follow each other. */
export interface SegmentChunk {
  from: Int32Array
  to: Int32Array
  length: Float64Array
  regionCount: Int32Array
  endpointDistance: Int32Array
  predictionChanges: Int32Array
  /** Place of the first change of the prediction, NaN where there is none. */
  changeAt: Float64Array
  /** As many numbers a segment as there are parts of it. */
  profiles: Int32Array
}

/** Which of these segments are stored. */
export async function readStoredSegments(
  on: Executor,
  setId: number,
  indices: readonly number[],
): Promise<Set<number>> {
  const rows = await on.query<{ index: number }>(
    sql`select index from unnest(${indices}::int4[]) k(index) join segment s using (index)
        where s.set_id = ${setId}`,
  )
  return new Set(rows.map(({ index }) => index))
}

/**
 * Stores a chunk, in one statement and so all or nothing; storing it again changes nothing. The commit does not wait for
 * the disk: should Postgres itself crash in that moment, the chunk counts as not done and is walked again; the commit of
 * the groups, which does wait, covers all before it.
 */
export async function writeSegments(
  on: Executor,
  setId: number,
  first: number,
  chunk: SegmentChunk,
): Promise<void> {
  const { from, to, length, regionCount, endpointDistance, predictionChanges, profiles } = chunk
  const bins = profiles.length / from.length
  const changeAt = Array.from(chunk.changeAt, (place) => (Number.isNaN(place) ? null : place))
  const profileBytes = Array.from(from, (_, i) => bytesOf(profiles.subarray(i * bins, (i + 1) * bins)))
  await on.query(
    sql`insert into segment (set_id, index, from_input, to_input, length, region_count, endpoint_distance,
          prediction_changes, change_at, profile)
        select ${setId}::int4, ${first}::int4 + c.place::int4 - 1, c.from_input, c.to_input, c.length, c.region_count,
          c.endpoint_distance, c.prediction_changes, c.change_at, c.profile
        from unnest(${[...from]}::int4[], ${[...to]}::int4[], ${[...length]}::float8[], ${[...regionCount]}::int4[],
            ${[...endpointDistance]}::int4[], ${[...predictionChanges]}::int4[], ${changeAt}::float8[],
            ${profileBytes}::bytea[]) with ordinality
          c(from_input, to_input, length, region_count, endpoint_distance, prediction_changes, change_at, profile, place),
          set_config('synchronous_commit', 'off', true)
        on conflict do nothing`,
  )
}

/** All segments of a set, in order, with profiles of so many parts. */
export async function readSegments(
  db: Database,
  setId: number,
  count: number,
  bins: number,
): Promise<SegmentChunk> {
  const columns: SegmentChunk = {
    from: new Int32Array(count),
    to: new Int32Array(count),
    length: new Float64Array(count),
    regionCount: new Int32Array(count),
    endpointDistance: new Int32Array(count),
    predictionChanges: new Int32Array(count),
    changeAt: new Float64Array(count).fill(Number.NaN),
    profiles: new Int32Array(count * bins),
  }
  const query = `select int4send(index) || int4send(from_input) || int4send(to_input) || int4send(region_count) ||
    int4send(endpoint_distance) || int4send(prediction_changes) || float8send(length), float8send(change_at), profile
    from segment where set_id = ${setId}`
  for await (const [row, change, profile] of copyOut(db, query)) {
    if (!row || !profile) continue
    const index = row.readInt32BE(0)
    columns.from[index] = row.readInt32BE(4)
    columns.to[index] = row.readInt32BE(8)
    columns.regionCount[index] = row.readInt32BE(12)
    columns.endpointDistance[index] = row.readInt32BE(16)
    columns.predictionChanges[index] = row.readInt32BE(20)
    columns.length[index] = row.readDoubleBE(24)
    if (change) columns.changeAt[index] = change.readDoubleBE(0)
    columns.profiles.set(new Int32Array(Uint8Array.from(profile).buffer), index * bins)
  }
  return columns
}

/** A group to store; its index is its place in the list. */
export type NewSegmentGroup = Omit<SegmentGroupRow, 'setId' | 'index'>

/** Stores the groups of a set and marks it as computed, in one transaction; one that is computed stays as it is. */
export async function writeSegmentGroups(
  db: Database,
  setId: number,
  groups: readonly NewSegmentGroup[],
): Promise<void> {
  await db.transaction(async (tx) => {
    const marked = await tx.query(
      sql`update segment_set set computed_at = clock_timestamp() where id = ${setId} and computed_at is null
          returning id`,
    )
    if (marked.length === 0) return
    const columns = ['set_id', 'index', 'kind', 'label_a', 'label_b', 'first_segment', 'count']
    columns.push('zero_length_count', 'estimates')
    await copyInto(tx, 'segment_group', columns, async (rows) => {
      for (const [index, group] of groups.entries()) {
        rows.row()
        rows.int4(setId)
        rows.int4(index)
        rows.bytes(Buffer.from(group.kind))
        for (const label of [group.labelA, group.labelB]) {
          if (label === null) rows.null()
          else rows.int4(label)
        }
        rows.int4(group.firstSegment)
        rows.int4(group.count)
        rows.int4(group.zeroLengthCount)
        rows.jsonb(group.estimates)
        if (index % 8192 === 0) await rows.flush()
      }
    })
  })
}
