import { instantiate, reserve } from './module.ts'
import { exactSum } from './pack.ts'

/** Values of a tile: 256 KiB of a few hundred planes stay near the processor while their columns are read. */
const TILE_VALUES = 1 << 16

/** Positions of a tile at least: shorter pieces of a plane cost more to copy than to pack. */
const TILE_POSITIONS = 256

let exports: ReturnType<typeof instantiate> | undefined

/**
 * One pass over pre-activations whose units are planes (samples x units x positions, float32), as they come out of a
 * convolution: codes, margins and the sum of distances as `Kernels.pack` gives them of positions x units. On the CPU,
 * whatever the backend: the values lie in main memory, and are packed about as fast as they could be copied elsewhere.
 *
 * @param codes samples x positions x ceil(units / 8) bytes
 * @param margins samples x positions
 */
export function packPlanes(
  pre: Float32Array,
  { samples, units, positions }: { samples: number; units: number; positions: number },
  threshold: number,
  codes: Uint8Array,
  margins: Float32Array,
): number {
  const stride = Math.ceil(units / 8)
  const wanted = Math.max(TILE_POSITIONS, Math.floor(TILE_VALUES / units))
  const tile = Math.min(positions, Math.ceil(wanted / 16) * 16)
  const codesAt = tile * units * 4
  const marginsAt = codesAt + Math.ceil((tile * stride) / 16) * 16
  exports ??= instantiate(0)
  reserve(exports, marginsAt + tile * 4)
  const { buffer } = exports.memory
  let sum = 0
  for (let sample = 0; sample < samples; sample++) {
    for (let from = 0; from < positions; from += tile) {
      const count = Math.min(tile, positions - from)
      copyColumns(
        pre,
        sample * units * positions + from,
        positions,
        new Float32Array(buffer, 0, units * count),
        count,
      )
      // -0 becomes 0: the sign of -0 - 0 would set the bit of a unit on its threshold.
      sum += exports.packPlanes(0, units, count, threshold + 0, codesAt, marginsAt)
      const site = sample * positions + from
      codes.set(new Uint8Array(buffer, codesAt, count * stride), site * stride)
      margins.set(new Float32Array(buffer, marginsAt, count), site)
    }
  }
  return Number.isFinite(sum) ? sum : exactSum(pre, Math.fround(threshold))
}

/** Copies `count` columns of all planes, each of so many positions, from `first` on. */
function copyColumns(
  pre: Float32Array,
  first: number,
  positions: number,
  into: Float32Array,
  count: number,
): void {
  if (count === positions) return into.set(pre.subarray(first, first + into.length))
  for (let at = 0, from = first; at < into.length; at += count, from += positions)
    into.set(pre.subarray(from, from + count), at)
}
