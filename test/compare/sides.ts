import { createHash } from 'node:crypto'
import type { Side, SpanLayer } from '#atlas/compute/compare/index.js'

/** A side whose sites have these codes (rows of 0 and 1, one a site), regions numbered by first appearance. */
export function sideOf(
  codes: readonly (readonly number[])[],
  layers: SpanLayer[] = [
    { index: 0, units: codes[0]?.length ?? 0, positions: 1, bitsPerUnit: 1, numbered: false },
  ],
  predictions: readonly number[] = codes.map(() => 0),
): Side {
  const regions = new Map<string, number>()
  const regionOfSite = codes.map((code) => {
    const key = code.join('')
    const region = regions.get(key) ?? regions.size
    regions.set(key, region)
    return region
  })
  const bitCount = codes[0]?.length ?? 0
  const stride = Math.ceil(bitCount / 8)
  const packed = new Uint8Array(regions.size * stride)
  const hashes = new Uint8Array(regions.size * 16)
  for (const [key, region] of regions) {
    for (let bit = 0; bit < bitCount; bit++) {
      if (key[bit] === '1') packed[region * stride + (bit >> 3)] |= 1 << (bit & 7)
    }
    hashes.set(createHash('md5').update(key).digest(), region * 16)
  }
  return {
    regionOfSite: Int32Array.from(regionOfSite),
    codes: packed,
    hashes,
    bitCount,
    layers,
    predictions: Int32Array.from(predictions),
  }
}

/** A small generator of numbers in [0, 1) for test data: a linear congruence modulo 2^32, its high bits mixed down. */
export function lcg(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    const word = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
    return (word >>> 0) / 2 ** 32
  }
}

/** Random codes of which about a share are copies of earlier ones. */
export function randomCodes(sites: number, bits: number, copies: number, random: () => number): number[][] {
  const codes: number[][] = []
  for (let site = 0; site < sites; site++) {
    const copied = site > 0 && random() < copies
    const fresh = (): number[] => Array.from({ length: bits }, () => Number(random() < 0.4))
    codes.push(copied ? codes[Math.floor(random() * site)] : fresh())
  }
  return codes
}
