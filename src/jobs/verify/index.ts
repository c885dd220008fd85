/** Checks of a whole atlas: what is kept twice agrees, and what was computed is computed again. */
import { AtlasError } from '../../../compute/errors.ts'
import { openNetwork, type NetworkRunner } from '../../../compute/onnx/index.ts'
import type { Database, Transaction } from '../../store/database.ts'
import { datasetLoaders } from '../../store/datasets.ts'
import type { DatasetRow, LayerRow, NetworkRow } from '../../store/models.ts'
import { networkLoaders } from '../../store/networks.ts'
import { partitionLoaders } from '../../store/partitions.ts'
import { partitionPath } from '../../store/path.ts'
import { withSnapshot } from '../../store/snapshot.ts'
import { checkForeignKeys, checkIndexes } from '../../store/verify/catalogChecks.ts'
import { countChecks } from '../../store/verify/counts.ts'
import {
  readChunksOfFile,
  readComputedPartitions,
  readEncodedPairs,
  readSamples,
  readStoredRun,
  type EncodedPair,
  type Run,
} from '../../store/verify/read.ts'
import { referenceChecks } from '../../store/verify/references.ts'
import { runSqlCheck, type CheckResult } from '../../store/verify/sqlCheck.ts'
import { compareFiled, readScalesOf, type FiledPartition } from './filed.ts'
import { Finding } from './finding.ts'
import { checkCodes, checkFiles } from './hashes.ts'
import { compareInputs, startRecomputing, type StoredInputs } from './recompute.ts'
import { chooseRuns, type SampleSize } from './runs.ts'

export type { SampleSize } from './runs.ts'
export type { CheckResult } from '../../store/verify/sqlCheck.ts'

/** How to check, report and stop. */
export interface VerifyOptions {
  sample: SampleSize
  signal: AbortSignal
  /** Checks done, of all, and what is being looked at. */
  onProgress(done: number, total: number, step: string): void
}

/** What was found, and of which inputs codes were computed again. */
export interface Verified {
  checks: CheckResult[]
  sampled: SampledPair[]
}

/** The inputs of a dataset that were run through a network again. */
export interface SampledPair {
  network: string
  dataset: string
  /** Of so many whose codes are stored. */
  inputs: number
  stored: number
  /** The first and the last of each run. */
  ranges: (readonly [first: number, last: number])[]
}

/**
 * Checks the atlas as it is at one moment; others may go on writing. References, counts, files and codes are checked
 * whole, by Postgres or in a stream; networks are run over a sample of their inputs.
 */
export function verifyAtlas(db: Database, options: VerifyOptions): Promise<Verified> {
  return withSnapshot(db, (tx) => verify(tx, options))
}

async function verify(tx: Transaction, { sample, signal, onProgress }: VerifyOptions): Promise<Verified> {
  const sqlChecks = [...referenceChecks, ...countChecks]
  const pairs = await readEncodedPairs(tx)
  const total = 2 + sqlChecks.length + 2 + pairs.length
  const checks: CheckResult[] = []
  let done = 0
  const step = (what: string) => {
    signal.throwIfAborted()
    onProgress(done, total, what)
  }
  for (const check of [checkIndexes, checkForeignKeys]) {
    step('indexes and foreign keys')
    checks.push(await check(tx))
    done++
  }
  for (const check of sqlChecks) {
    step(check.name)
    checks.push(await runSqlCheck(tx, check))
    done++
  }
  const inSteps = (what: string) => (part: number, all: number) =>
    step(`${what} ${part.toLocaleString('en-US')}/${all.toLocaleString('en-US')}`)
  const files = await checkFiles(tx, inSteps('files'))
  done++
  const codes = await checkCodes(tx, inSteps('codes'))
  done++
  const again = new Recomputation(tx, sample, files.damaged)
  for (const pair of pairs) {
    await again.check(pair, step)
    done++
  }
  checks.push(files.finding.result(), ...codes.map((finding) => finding.result()), ...again.results())
  return { checks, sampled: again.sampled }
}

/** The checks that need the networks. */
class Recomputation {
  readonly sampled: SampledPair[] = []
  readonly #tx: Transaction
  readonly #sample: SampleSize
  readonly #damaged: ReadonlySet<string>
  readonly #found = startRecomputing()
  readonly #filed = {
    regions: new Finding('regions that inputs are filed under', 'memberships'),
    margins: new Finding('margins of memberships', 'memberships'),
  }

  constructor(tx: Transaction, sample: SampleSize, damaged: ReadonlySet<string>) {
    this.#tx = tx
    this.#sample = sample
    this.#damaged = damaged
  }

  results(): CheckResult[] {
    const { codes, margins, distances, scores, roundedBits } = this.#found
    if (roundedBits > 0)
      codes.notes.push(
        `${roundedBits === 1 ? '1 bit differs' : `${roundedBits.toLocaleString('en-US')} bits differ`} on a boundary, as far as rounding can tell: another processor computed them`,
      )
    return [codes, margins, distances, scores, this.#filed.regions, this.#filed.margins].map((finding) =>
      finding.result(),
    )
  }

  /** Checks codes of a dataset by a network, and where its partitions file them. */
  async check(pair: EncodedPair, step: (what: string) => void): Promise<void> {
    const subject = await this.#read(pair)
    if (subject === null) return
    const { network, dataset, layers } = subject
    const partitions = await this.#partitions(pair, subject)
    const runs = chooseRuns(pair, dataset, this.#sample)
    const inputs = runs.reduce((sum, { rows }) => sum + rows, 0)
    const ranges = runs.map(({ chunk, from, rows }) => {
      const first = chunk * dataset.chunkSize + from
      return [first, first + rows - 1] as const
    })
    const rowsOf = ({ index }: { index: number }) => chunkRows(dataset, index)
    const stored = pair.chunks.map(rowsOf).reduce((sum, rows) => sum + rows, 0)
    this.sampled.push({ network: network.name, dataset: dataset.name, inputs, stored, ranges })
    const runner = await this.#open(network, layers)
    try {
      let done = 0
      for (const run of runs) {
        step(
          `${network.name} on ${dataset.name}, inputs ${done.toLocaleString('en-US')}/${inputs.toLocaleString('en-US')}`,
        )
        await this.#checkRun(pair, run, subject, runner, partitions)
        done += run.rows
      }
    } finally {
      await runner?.close()
    }
  }

  async #read({ networkId, datasetId, chunks }: EncodedPair) {
    const network = await networkLoaders(this.#tx).networkById.load([networkId])
    const dataset = await datasetLoaders(this.#tx).datasetById.load([datasetId])
    // Without a file, or with neither, it is foreign keys that are wrong.
    if (network === null || dataset === null) return null
    const stored = new Set(chunks.flatMap((chunk) => chunk.layers))
    const layers = await networkLoaders(this.#tx).layersOfNetwork.load([networkId])
    return { network, dataset, layers: layers.filter(({ index }) => stored.has(index)), allLayers: layers }
  }

  async #partitions(
    { networkId, datasetId }: EncodedPair,
    { network, dataset, allLayers }: { network: NetworkRow; dataset: DatasetRow; allLayers: LayerRow[] },
  ): Promise<FiledPartition[]> {
    const ids = await readComputedPartitions(this.#tx, networkId, datasetId)
    const { partitionById } = partitionLoaders(this.#tx)
    const rows = await Promise.all(ids.map((id) => partitionById.load([id])))
    const found: FiledPartition[] = []
    for (const row of rows.filter((one) => one !== null)) {
      const layers = allLayers.slice(row.fromLayer, row.toLayer + 1)
      const path = partitionPath({ ...row, network: network.name, dataset: dataset.name })
      found.push({ row, path, layers, scales: await readScalesOf(this.#tx, row) })
    }
    return found
  }

  /** Null, with a note, where the network's file cannot be trusted. */
  async #open(network: NetworkRow, layers: readonly LayerRow[]): Promise<NetworkRunner | null> {
    const { codes } = this.#found
    if (this.#damaged.has(network.sha256)) {
      codes.notes.push(`nothing of ${network.name}, whose file is damaged`)
      return null
    }
    const pieces: Buffer[] = []
    for await (const piece of readChunksOfFile(this.#tx, network.sha256)) pieces.push(piece)
    return openNetwork(
      Buffer.concat(pieces),
      layers.map(({ index }) => index),
    )
  }

  async #checkRun(
    pair: EncodedPair,
    run: Run,
    { network, dataset, layers }: { network: NetworkRow; dataset: DatasetRow; layers: LayerRow[] },
    runner: NetworkRunner | null,
    partitions: readonly FiledPartition[],
  ): Promise<void> {
    const rows = chunkRows(dataset, run.chunk)
    const first = run.chunk * dataset.chunkSize + run.from
    const samples = await readSamples(this.#tx, dataset, run)
    const { layers: stored, scores } = await readStoredRun(this.#tx, pair, run, rows)
    const inputs: StoredInputs = {
      ...{ network, dataset, layers, first, stored, scores },
      samples: samples ?? Buffer.alloc(0),
      wholeChunk: run.rows === rows,
    }
    if (samples?.length !== run.rows * dataset.sampleByteCount)
      this.#found.codes.fault(`${dataset.name}/${first}: the samples of its chunk are not there`, run.rows)
    else if (runner !== null)
      await compareInputs(runner, inputs, this.#found).catch((error: unknown) => {
        if (!(error instanceof AtlasError)) throw error
        this.#found.codes.fault(`${network.name}, ${dataset.name}/${first}: ${error.message}`, run.rows)
      })
    for (const partition of partitions) await compareFiled(this.#tx, partition, inputs, run.rows, this.#filed)
  }
}

function chunkRows({ inputCount, chunkSize }: DatasetRow, chunk: number): number {
  return Math.max(0, Math.min(chunkSize, inputCount - chunk * chunkSize))
}
