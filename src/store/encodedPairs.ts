/** What two networks make of the same chunks of a dataset, read side by side. */
import { copyOut } from './copyOut.ts'
import type { Database } from './database.ts'
import { floatsOf } from './encoding.ts'

/** The same thing of two networks. */
export interface Pair<Value> {
  a: Value
  b: Value
}

/** Both networks' outputs, chunk by chunk: float32, rows x outputs. */
export async function* readScorePairs(
  db: Database,
  networks: Pair<number>,
  datasetId: number,
): AsyncGenerator<Pair<Float32Array>> {
  const query = `select a.scores, b.scores from prediction_chunk a join prediction_chunk b using (dataset_id, index)
    where a.network_id = ${networks.a} and b.network_id = ${networks.b} and dataset_id = ${datasetId} order by index`
  for await (const [a, b] of copyOut(db, query)) if (a && b) yield { a: floatsOf(a), b: floatsOf(b) }
}

/** Both networks' packed codes of one layer, chunk by chunk. */
export async function* readCodePairs(
  db: Database,
  networks: Pair<number>,
  datasetId: number,
  layer: number,
): AsyncGenerator<Pair<Buffer>> {
  const query = `select a.codes, b.codes from code_chunk a join code_chunk b using (dataset_id, layer, index)
    where a.network_id = ${networks.a} and b.network_id = ${networks.b} and dataset_id = ${datasetId}
      and layer = ${layer} order by index`
  for await (const [a, b] of copyOut(db, query)) if (a && b) yield { a, b }
}
