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

export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits))
}
