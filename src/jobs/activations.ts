/** Runs a network over a dataset for the activations of a partition's sites. */
import { openActivations } from '../../compute/onnx/index.ts'
import { decodeValues } from '../ingest/index.ts'
import type { Database } from '../store/database.ts'
import { readDatasetChunks } from '../store/encoding.ts'
import { readFile } from '../store/files.ts'
import { createLoaders } from '../store/loaders.ts'
import type { LayerRow, PartitionRow } from '../store/models.ts'
import type { PartitionSubject } from './partitionSubject.ts'

/** Activations (float32) that one inference may return. */
const MAX_ACTIVATIONS = 1 << 22

/** Some sites in a row. */
export interface SiteActivations {
  /** The first one. */
  firstSite: number
  /** Inputs that are done with these sites. */
  inputs: number
  /** Sites x dimensions: in the order of the code's bits, layer, position, unit, but one value a unit. */
  values: Float32Array
}

/** Values that a site has in the space of a partition's activations: its units, at all positions of a whole input. */
export function dimensionsOf({ partition, layers }: Pick<PartitionSubject, 'partition' | 'layers'>): number {
  const positions = (layer: LayerRow) => (partition.granularity === 'WHOLE_INPUT' ? layer.positionCount : 1)
  return layers.reduce((sum, layer) => sum + layer.unitCount * positions(layer), 0)
}

/** As {@link dimensionsOf}, of a partition alone. */
export async function spaceOf(db: Database, partition: PartitionRow): Promise<number> {
  const all = await createLoaders(db).layersOfNetwork.load([partition.networkId])
  return dimensionsOf({ partition, layers: all.slice(partition.fromLayer, partition.toLayer + 1) })
}

/** The activations of all sites of a partition, some after the other. Throws what `openActivations` throws. */
export async function* readActivations(
  db: Database,
  subject: PartitionSubject,
  signal: AbortSignal,
): AsyncGenerator<SiteActivations> {
  const { network, dataset, layers, positions } = subject
  const indices = layers.map(({ index }) => index)
  const runner = await openActivations(await readFile(db, network.sha256), indices)
  const width = layers.reduce((sum, layer) => sum + layer.unitCount * layer.positionCount, 0)
  const batch = Math.max(1, Math.floor(MAX_ACTIVATIONS / width))
  const chunks = Array.from({ length: Math.ceil(dataset.inputCount / dataset.chunkSize) }, (_, i) => i)
  let inputs = 0
  try {
    for await (const data of readDatasetChunks(db, dataset.id, chunks)) {
      const values = decodeValues(data, dataset.elementType, dataset.scale)
      const rows = Math.min(dataset.chunkSize, dataset.inputCount - inputs)
      const size = values.length / rows
      for (let from = 0; from < rows; from += batch) {
        signal.throwIfAborted()
        const count = Math.min(batch, rows - from)
        const outputs = await runner.run(values.subarray(from * size, (from + count) * size), count)
        const firstSite = inputs * positions.length
        inputs += count
        yield { firstSite, inputs, values: joinLayers(subject, outputs, count) }
      }
    }
  } finally {
    await runner.close()
  }
}

/** Puts the layers of each site side by side. @param outputs of each layer: rows x positions x units */
function joinLayers(subject: PartitionSubject, outputs: readonly Float32Array[], rows: number): Float32Array {
  const { partition, layers, positions } = subject
  const width = dimensionsOf(subject)
  const joined = new Float32Array(rows * positions.length * width)
  let first = 0
  for (const [i, { unitCount, positionCount }] of layers.entries()) {
    const whole = partition.granularity === 'WHOLE_INPUT'
    const taken = whole ? unitCount * positionCount : unitCount
    for (let row = 0; row < rows; row++) {
      for (const [place, position] of positions.entries()) {
        const from = (row * positionCount + position) * unitCount
        joined.set(outputs[i].subarray(from, from + taken), (row * positions.length + place) * width + first)
      }
    }
    first += taken
  }
  return joined
}
