import { predictedLabels } from '../../compute/compare/index.ts'
import type { Database } from '../store/database.ts'
import { readScores } from '../store/encoding.ts'
import { existing } from '../store/existing.ts'
import type { DatasetRow } from '../store/models.ts'

/** Index of the greatest output of every input, ties to the first. Throws DELETED_MEANWHILE where some are not stored. */
export async function readPredictedLabels(
  db: Database,
  networkId: number,
  { id, inputCount, chunkSize }: DatasetRow,
): Promise<Int32Array> {
  const labels = new Int32Array(inputCount)
  let input = 0
  for await (const scores of readScores(db, networkId, id)) {
    const rows = Math.min(chunkSize, inputCount - input)
    labels.set(predictedLabels(scores, rows), input)
    input += rows
  }
  return existing(input === inputCount ? labels : null)
}
