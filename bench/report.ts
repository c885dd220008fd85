import { randomFillSync } from 'node:crypto'

/** One line of a benchmark's table: what was measured, and numbers with their units in their names. */
export type Row = Record<string, string | number>

export type Benchmark = () => Promise<Row[]>

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Wall seconds of one run. */
export async function seconds(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return (performance.now() - start) / 1000
}

/** Runs of a measurement, after one that is not counted. */
export const ROUNDS = 5

/** Median seconds of {@link ROUNDS} runs. */
export async function timed(run: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) times.push(await seconds(async () => run()))
  return median(times.slice(1))
}

/** Packed rows of random bits, whole bytes. */
export function randomCodes(rows: number, bits: number): Uint8Array {
  return randomFillSync(new Uint8Array((rows * bits) / 8))
}

/** Codes around random centres, row i around centre i % centres, of whose bits 10 % are flipped; whole bytes. */
export function codesAroundCentres(rows: number, bits: number, count: number): Uint8Array {
  const stride = bits / 8
  const centres = randomCodes(count, bits)
  const codes = new Uint8Array(rows * stride)
  for (let row = 0; row < rows; row++) {
    const centre = (row % count) * stride
    for (let byte = 0; byte < stride; byte++) {
      let flips = 0
      for (let bit = 0; bit < 8; bit++) if (Math.random() < 0.1) flips |= 1 << bit
      codes[row * stride + byte] = centres[centre + byte] ^ flips
    }
  }
  return codes
}

export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits))
}
