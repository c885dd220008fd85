import { availableParallelism } from 'node:os'

/** Pairs x words of a tile: some tenths of a second, so that progress is reported often. */
const TILE_WORK = 2e8

/** A run of rows. */
export interface Tile {
  from: number
  to: number
}

/**
 * Cuts rows into tiles of about equal work. Nothing here depends on the machine: sums over tiles, taken in order,
 * come out the same everywhere.
 *
 * @param rowWork pairs x words that one row takes
 */
export function cutTiles(rows: number, rowWork: number): Tile[] {
  const step = Math.max(1, Math.floor(TILE_WORK / rowWork))
  return Array.from({ length: Math.ceil(rows / step) }, (_, i) => ({
    from: i * step,
    to: Math.min(rows, (i + 1) * step),
  }))
}

/** Runs all tiles, one a core at a time, and returns their answers in the order of the tiles. */
export async function runTiles<T>(tiles: readonly Tile[], run: (tile: Tile) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  const waiting = tiles.entries()
  const runner = async (): Promise<void> => {
    for (const [i, tile] of waiting) results[i] = await run(tile)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, runner))
  return results
}
