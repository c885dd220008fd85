import { z } from 'zod'
import { PROGRESS_STEPS, runDirections, type MeasuredDirections } from '../../compute/directions/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import { readLabels } from '../store/encoding.ts'
import { createLoaders } from '../store/loaders.ts'
import { writeDirectionSet, type NewDirectionSet } from '../store/writeDirectionSet.ts'
import { dimensionsOf, readActivations } from './activations.ts'
import { labelOfSite, readSubject, type PartitionSubject } from './partitionSubject.ts'
import { defineTask, type JobContext } from './task.ts'

/** How often the progress of the thread is looked at. */
const LOOK_MS = 200

/**
 * Finds directions of the space of a partition's activations and what the sites say at which each is greatest, and stores
 * them. Counts inputs, twice: once through the network, once on the way along the directions.
 */
export const directionsTask = defineTask({
  kind: 'directions',
  payload: z.object({ directionSetId: z.int() }),
  async run(context, { directionSetId }) {
    const { db } = context
    const set = await createLoaders(db).directionSetById.load([directionSetId])
    if (!set)
      throw new AtlasError('UNKNOWN_DIRECTIONS', 'The direction set was deleted before its job began.')
    if (set.computedAt !== null) return
    const subject = await readSubject(db, set.partitionId)
    const activations = await collectActivations(context, subject)
    const labels = labelOfSite(await readLabels(db, subject.dataset.id), subject.positions.length)
    const found = await withProgress(context, subject.dataset.inputCount, (progress) =>
      runDirections(
        'measureDirections',
        {
          activations,
          labels: Int32Array.from({ length: activations.rows }, (_, site) => labels(site)),
          components: set.components,
          seed: set.seed,
          progress,
        },
        context.signal,
      ),
    )
    await writeDirectionSet(db, directionSetId, storedDirections(found, activations.columns))
  },
})

/** All activations of a partition, in shared memory: sites x dimensions. */
async function collectActivations(context: JobContext, subject: PartitionSubject) {
  const columns = dimensionsOf(subject)
  const rows = subject.partition.siteCount
  const bytes = rows * columns * Float32Array.BYTES_PER_ELEMENT
  const values = new Float32Array(new SharedArrayBuffer(bytes))
  for await (const part of readActivations(context.db, subject, context.signal)) {
    values.set(part.values, part.firstSite * columns)
    await context.progress(part.inputs, 2 * subject.dataset.inputCount)
  }
  return { values, rows, columns }
}

/** Reports what a thread notes in shared memory, as the second half of the job. */
async function withProgress<Result>(
  context: JobContext,
  inputs: number,
  work: (progress: Int32Array) => Promise<Result>,
): Promise<Result> {
  const progress = new Int32Array(new SharedArrayBuffer(4))
  let reported: Promise<void> = Promise.resolve()
  const report = () => {
    const share = Atomics.load(progress, 0) / PROGRESS_STEPS
    reported = context.progress(inputs + Math.floor(inputs * share), 2 * inputs)
    // A cancelled job is told by the signal as well, which stops the thread.
    reported.catch(() => undefined)
  }
  const look = setInterval(report, LOOK_MS)
  try {
    return await work(progress)
  } finally {
    clearInterval(look)
    await reported
  }
}

function storedDirections(found: MeasuredDirections, dimensions: number): NewDirectionSet {
  const rowsOf = (values: Float32Array) =>
    Array.from({ length: values.length / dimensions }, (_, i) =>
      values.subarray(i * dimensions, (i + 1) * dimensions),
    )
  return {
    factorError: found.factorError,
    factorRounds: found.factorRounds,
    directions: [
      ...rowsOf(found.principalComponents).map((values, index) => ({
        kind: 'PRINCIPAL_COMPONENT' as const,
        index,
        share: found.varianceShares[index],
        values,
      })),
      ...rowsOf(found.factors).map((values, index) => ({
        kind: 'NON_NEGATIVE_FACTOR' as const,
        index,
        share: null,
        values,
      })),
      ...rowsOf(found.classMeans).map((values, i) => ({
        kind: 'CLASS_MEAN' as const,
        index: found.classes[i],
        share: null,
        values,
      })),
    ],
    curves: found.curves,
  }
}
