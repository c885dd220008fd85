import { kernels } from '../kernels/index.ts'

/** A run of rows. */
export interface Tile {
  from: number
  to: number
}

/**
 * Cuts rows into tiles of about equal work, a task of the kernels each. Nothing here depends on the machine but its
 * backend: sums over tiles, taken in order, come out the same everywhere.
 *
 * @param rowWork pairs x words that one row takes
 */
export function cutTiles(rows: number, rowWork: number): Tile[] {
  const step = Math.max(1, Math.floor(kernels().taskWork / rowWork))
  return Array.from({ length: Math.ceil(rows / step) }, (_, i) => ({
    from: i * step,
    to: Math.min(rows, (i + 1) * step),
  }))
}

/** Runs all tiles, as many at a time as the kernels can use, and returns their answers in the order of the tiles. */
export async function runTiles<T>(tiles: readonly Tile[], run: (tile: Tile) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  const waiting = tiles.entries()
  const runner = async (): Promise<void> => {
    for (const [i, tile] of waiting) results[i] = await run(tile)
  }
  await Promise.all(Array.from({ length: kernels().threads }, runner))
  return results
}
