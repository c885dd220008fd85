/** Starts a stopwatch; it answers the seconds since then, to a tenth. */
export function stopwatch(): () => number {
  const startedAt = performance.now()
  return () => Number(((performance.now() - startedAt) / 1000).toFixed(1))
}
