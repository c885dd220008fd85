import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { choosePairs, runComparison, type ChosenPairs } from '../../compute/compare/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import { concatFloats } from '../../compute/floats.ts'
import {
  PROFILE_BINS,
  runGeometry,
  type NetworkFile,
  type SegmentCounts,
} from '../../compute/geometry/index.ts'
import type { Database } from '../store/database.ts'
import { readLabels } from '../store/encoding.ts'
import { existing } from '../store/existing.ts'
import { createLoaders } from '../store/loaders.ts'
import type { DatasetRow, NetworkRow, SegmentSetRow } from '../store/models.ts'
import {
  readSegments,
  readStoredSegments,
  writeSegmentGroups,
  writeSegments,
  type NewSegmentGroup,
} from '../store/writeSegments.ts'
import { inputValues } from './direct/inputValues.ts'
import { createNetworkFiles } from './direct/networkFiles.ts'
import { inLanes } from './lanes.ts'
import { defineTask, type JobContext } from './task.ts'

/**
 * Segments that are walked and stored together: as many as are walked at once. Fixed for all times, since a set that was
 * begun goes on with the chunks that it lacks.
 */
const CHUNK = 64

/**
 * Walks the segments between the chosen pairs of inputs, a chunk at a time on each thread, and then summarizes them. A
 * chunk's rows appear by one statement: a killed worker loses at most the chunks that it was at. Counts segments.
 */
export const walkSegmentsTask = defineTask({
  kind: 'segments',
  payload: z.object({ segmentSetId: z.int() }),
  async run(context, { segmentSetId }) {
    const { db, signal } = context
    const subject = await loadSubject(db, segmentSetId)
    const { set, dataset } = subject
    if (set.computedAt !== null) return
    const labels = await readLabels(db, dataset.id)
    const pairs = choosePairs(labels.includes(-1) ? null : labels, dataset.inputCount, set.pairs, set.seed)
    await walkMissing(context, subject, pairs)
    const groups = groupsOf(pairs)
    const columns = await readSegments(db, set.id, set.segmentCount, PROFILE_BINS)
    const runs = groups.map(({ kind, firstSegment: first, count }) => ({
      first,
      count,
      profiled: kind !== 'LABELS',
    }))
    const summaries = await runComparison('summarizeSegments', { columns, runs, seed: set.seed }, signal)
    await writeSegmentGroups(
      db,
      set.id,
      summaries.map(({ zeroLengthCount, ...estimates }, i) => ({ ...groups[i], zeroLengthCount, estimates })),
    )
  },
})

interface Subject {
  set: SegmentSetRow
  network: NetworkRow
  dataset: DatasetRow
}

async function loadSubject(db: Database, segmentSetId: number): Promise<Subject> {
  const loaders = createLoaders(db)
  const set = await loaders.segmentSetById.load([segmentSetId])
  const network = set && (await loaders.networkById.load([set.networkId]))
  const dataset = set && (await loaders.datasetById.load([set.datasetId]))
  if (set && network && dataset) return { set, network, dataset }
  throw new AtlasError('UNKNOWN_SEGMENT_SET', 'The segment set was deleted before its job began.')
}

/** Walks and stores the chunks that are not stored yet. */
async function walkMissing(context: JobContext, subject: Subject, pairs: ChosenPairs): Promise<void> {
  const { db } = context
  const { set } = subject
  const total = set.segmentCount
  const firsts = Array.from({ length: Math.ceil(total / CHUNK) }, (_, i) => i * CHUNK)
  const stored = await readStoredSegments(db, set.id, firsts)
  const sizeOf = (first: number) => Math.min(CHUNK, total - first)
  let done = firsts.reduce((sum, first) => sum + (stored.has(first) ? sizeOf(first) : 0), 0)
  await context.progress(done, total)
  const network = await createNetworkFiles(db).load(subject.network)
  await inLanes(
    firsts.filter((first) => !stored.has(first)),
    availableParallelism(),
    context.signal,
    async (first, signal) => {
      const end = first + sizeOf(first)
      const chunk = { from: pairs.from.slice(first, end), to: pairs.to.slice(first, end) }
      const counts = await walkChunk({ db, signal }, subject, network, chunk)
      await writeSegments(db, set.id, first, { ...chunk, ...counts })
      done += end - first
      await context.progress(done, total)
    },
  )
}

async function walkChunk(
  { db, signal }: Pick<JobContext, 'db' | 'signal'>,
  { set, dataset }: Subject,
  network: NetworkFile,
  { from, to }: { from: Int32Array; to: Int32Array },
): Promise<SegmentCounts> {
  const loaders = createLoaders(db)
  const valuesOf = async (inputs: Int32Array) => {
    const raw = await Promise.all(Array.from(inputs, (input) => loaders.rawValues.load([dataset.id, input])))
    const samples = raw.map((bytes) => inputValues(existing(bytes), dataset))
    return concatFloats(samples)
  }
  const [begins, ends] = await Promise.all([valuesOf(from), valuesOf(to)])
  const { fromLayer, toLayer } = set
  const task = { network, from: begins, to: ends, segments: from.length, fromLayer, toLayer }
  return runGeometry('countWalks', task, signal)
}

/** The groups of the chosen pairs: runs of them. */
function groupsOf({
  from,
  strata,
  withinCount,
}: ChosenPairs): Omit<NewSegmentGroup, 'zeroLengthCount' | 'estimates'>[] {
  const unlabelled = { labelA: null, labelB: null }
  if (strata[0].labelA === null) return [{ kind: 'ALL', ...unlabelled, firstSegment: 0, count: from.length }]
  const betweenCount = from.length - withinCount
  const groups = [
    { kind: 'WITHIN' as const, ...unlabelled, firstSegment: 0, count: withinCount },
    { kind: 'BETWEEN' as const, ...unlabelled, firstSegment: withinCount, count: betweenCount },
    ...strata.map(({ first, ...stratum }) => ({ kind: 'LABELS' as const, ...stratum, firstSegment: first })),
  ]
  return groups.filter(({ count }) => count > 0)
}
