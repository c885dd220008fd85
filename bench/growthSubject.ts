/** A made network and made samples: every sample lies in a polytope of its own. */
import { randomFillSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeModel, floatTensor, floatValue, node } from '../examples/training/onnx.ts'
import { importNetwork } from '../src/jobs/commands/importNetwork.ts'
import { createDataset } from '../src/store/createDataset.ts'
import type { Database } from '../src/store/database.ts'
import { storeFile } from '../src/store/files.ts'

/** Values of a sample, a byte each. */
const AXES = 32
/** Units of the network's one layer, and so bits of a code. */
export const BITS = 256
const CLASSES = 10
const BATCH = 50_000

/**
 * Random hyperplanes through the middle of the cube of samples. Two random samples lie on different sides of any of
 * them with a chance of about a half, so that 256 of them part 10 million samples from one another.
 */
export async function addMadeNetwork(db: Database, name: string): Promise<void> {
  const weights = Float32Array.from({ length: BITS * AXES }, () => Math.random() - 0.5)
  const bias = Float32Array.from({ length: BITS }, (_, unit) => {
    const row = weights.subarray(unit * AXES, (unit + 1) * AXES)
    return -row.reduce((sum, weight) => sum + weight, 0) / 2
  })
  const readout = Float32Array.from({ length: CLASSES * BITS }, () => Math.random() - 0.5)
  const bytes = encodeModel({
    name,
    node: [
      node('Gemm', 'gemm0', ['x', 'w0', 'b0'], ['z'], { transB: 1 }),
      node('Relu', 'relu0', ['z'], ['a']),
      node('Gemm', 'gemm1', ['a', 'w1'], ['y'], { transB: 1 }),
    ],
    initializer: [
      floatTensor('w0', [BITS, AXES], weights),
      floatTensor('b0', [BITS], bias),
      floatTensor('w1', [CLASSES, BITS], readout),
    ],
    input: [floatValue('x', ['batch', AXES])],
    output: [floatValue('y', ['batch', CLASSES])],
  })
  const folder = await mkdtemp(join(tmpdir(), 'atlas-made-'))
  try {
    await writeFile(join(folder, 'made.onnx'), bytes)
    const file = await storeFile(db, join(folder, 'made.onnx'))
    await importNetwork(db, { name, file, description: '', tags: [] })
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** So many random samples with labels; answers the first thousand of them, or all. */
export async function addMadeSamples(db: Database, name: string, count: number): Promise<Uint8Array> {
  const first = new Uint8Array(Math.min(count, 1000) * AXES)
  async function* samples() {
    for (let from = 0; from < count; from += BATCH) {
      const rows = Math.min(BATCH, count - from)
      const data = randomFillSync(new Uint8Array(rows * AXES))
      if (from === 0) first.set(data.subarray(0, first.length))
      yield { data, rows, labels: labelsOf(rows) }
    }
  }
  await store(db, name, samples)
  return first
}

/** The same samples once more, as a dataset of their own: their codes are then held by two regions each. */
export async function addTwin(db: Database, name: string, data: Uint8Array): Promise<void> {
  async function* samples() {
    const rows = data.length / AXES
    yield await Promise.resolve({ data, rows, labels: labelsOf(rows) })
  }
  await store(db, name, samples)
}

type Samples = () => AsyncGenerator<{ data: Uint8Array; rows: number; labels: Int32Array }>

async function store(db: Database, name: string, samples: Samples): Promise<void> {
  const source = { shape: [AXES], elementType: 'U8', scale: 1 / 255, samples } as const
  const classNames = Array.from({ length: CLASSES }, (_, i) => `class ${i}`)
  await createDataset(db, name, { ...source, classNames, sha256: () => '0'.repeat(64) }, () => undefined)
}

function labelsOf(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, () => Math.floor(Math.random() * CLASSES))
}
