import { instantiate, reserve } from './module.ts'

/** Floats of a tile: 4 KiB, which the copy leaves in the first-level cache. Larger tiles were up to 15 % slower. */
const TILE_FLOATS = 1024

let exports: ReturnType<typeof instantiate> | undefined

/** Packs pre-activations into codes, a tile of sites at a time. See {@link Kernels.pack}. */
export function pack(
  pre: Float32Array,
  sites: number,
  units: number,
  threshold: number,
  codes: Uint8Array,
  margins: Float32Array,
): number {
  if (units === 0) {
    margins.fill(Infinity)
    return 0
  }
  const stride = Math.ceil(units / 8)
  const tile = Math.min(sites, Math.max(1, Math.floor(TILE_FLOATS / units)))
  const marginsAt = tile * units * 4
  const codesAt = marginsAt + tile * 4
  exports ??= instantiate(0)
  reserve(exports, codesAt + tile * stride + 1)
  const { buffer } = exports.memory
  const tilePre = new Float32Array(buffer, 0, tile * units)
  const tileMargins = new Float32Array(buffer, marginsAt, tile)
  const tileCodes = new Uint8Array(buffer, codesAt, tile * stride)
  let sum = 0
  for (let from = 0; from < sites; from += tile) {
    const count = Math.min(tile, sites - from)
    tilePre.set(pre.subarray(from * units, (from + count) * units))
    // -0 becomes 0: the sign of -0 - 0 would set the bit of a unit on its threshold.
    sum += exports.pack(0, count, units, threshold + 0, codesAt, marginsAt)
    margins.set(count === tile ? tileMargins : tileMargins.subarray(0, count), from)
    codes.set(count === tile ? tileCodes : tileCodes.subarray(0, count * stride), from * stride)
  }
  return Number.isFinite(sum) ? sum : exactSum(pre, Math.fround(threshold))
}

/** For sums that left float32, or should: one distance at a time. */
export function exactSum(pre: Float32Array, threshold: number): number {
  let sum = 0
  for (const value of pre) sum += Math.abs(Math.fround(threshold - value))
  return sum
}
