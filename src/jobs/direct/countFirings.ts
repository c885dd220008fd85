import { setImmediate } from 'node:timers/promises'
import { LabelledBits } from '../../../compute/codes/index.ts'
import type { Database } from '../../store/database.ts'
import { readLayerCodes } from '../../store/encoding.ts'
import type { DatasetRow, LayerRow } from '../../store/models.ts'

/** Bytes of codes that are counted before the event loop serves others. */
const BYTES_A_TURN = 1 << 20

/**
 * How often each bit of a layer is set, over a dataset and by kind of place (input x position), from its stored codes;
 * null where these are not all stored.
 *
 * @param kinds kinds are 0 to one less than this, or -1 for none
 */
export async function countFirings(
  db: Database,
  layer: LayerRow,
  dataset: DatasetRow,
  kinds: number,
  kindOf: (place: number) => number,
): Promise<LabelledBits | null> {
  const { networkId, index, unitCount, positionCount, bitsPerUnit } = layer
  const places = dataset.inputCount * positionCount
  const bits = new LabelledBits(unitCount * bitsPerUnit, kinds)
  let first = 0
  for await (const [codes] of readLayerCodes(db, networkId, dataset.id, index, index)) {
    const count = Math.min(dataset.chunkSize * positionCount, places - first)
    const from = first
    await addInTurns(bits, codes, count, (place) => kindOf(from + place))
    first += count
  }
  return first < places ? null : bits
}

/** Adds the codes of some places. */
async function addInTurns(
  bits: LabelledBits,
  codes: Buffer,
  places: number,
  kindOf: (place: number) => number,
): Promise<void> {
  const stride = codes.length / places
  const step = Math.max(1, Math.floor(BYTES_A_TURN / stride))
  for (let from = 0; from < places; from += step) {
    const count = Math.min(step, places - from)
    const part = codes.subarray(from * stride, (from + count) * stride)
    await bits.add(
      part,
      Int32Array.from({ length: count }, (_, place) => kindOf(from + place)),
    )
    await setImmediate()
  }
}
