import { windowOf, winnerOf, writeWinner, type WindowsGate } from '../gates/index.ts'
import { cutLoop, type Face } from './cutEdges.ts'
import { mergeLoops } from './mergeLoops.ts'
import { splitLoop, type Divider } from './splitLoop.ts'
import type { Vertices } from './vertices.ts'

/** The part of a loop where one entry of a window wins. */
interface Cell {
  loop: number[]
  winner: number
}

/** Splits a convex face so that every window has one winner in each part. See `splitFace`. */
export function splitByWinners(face: Face, vertices: Vertices, gate: WindowsGate, most: number): Face[] {
  const { bitsPerUnit, bitCount, outputSize } = gate
  let parts = most > 0 ? [{ loop: face.vertices, code: new Uint8Array(bitCount) }] : []
  for (let window = 0; window < outputSize; window++) {
    // Inner edges are cut once for the parts on both sides, as the face's own were for all windows.
    const cuts = new Map<number, number[]>()
    const split = ({ loop, code }: (typeof parts)[number]) =>
      cellsOf(loop, window, vertices, gate, cuts).map((cell) => {
        const own = code.slice()
        writeWinner(own, window * bitsPerUnit, bitsPerUnit, cell.winner)
        return { loop: cell.loop, code: own }
      })
    parts = parts.flatMap(split).slice(0, most)
  }
  return parts.map(({ loop, code }) => ({ vertices: loop, bits: [...face.bits, code] }))
}

/**
 * The cells of one window in a convex loop: those of the upper envelope of its entries. Entries come one after the
 * other; each takes from every cell the part where it is above the cell's winner, and these parts join.
 */
function cellsOf(
  loop: readonly number[],
  window: number,
  vertices: Vertices,
  gate: WindowsGate,
  cuts: Map<number, number[]>,
): Cell[] {
  const only = soleWinner(loop, window, vertices, gate)
  if (only !== null) return [{ loop: [...loop], winner: only }]
  const outline = cutLoop(loop, cuts, vertices, gate, window)
  const first = window * gate.windows.window
  const entries = gate.windows.entries.subarray(first, first + gate.windows.window)
  let cells: Cell[] = []
  entries.forEach((guard, entry) => {
    if (guard < 0) return
    const isFirst = cells.length === 0
    cells = isFirst ? [{ loop: outline, winner: entry }] : insertEntry(cells, entry, entries, vertices)
  })
  return withoutInnerVertices(cells, new Set(outline))
}

/** The entry that leads at every vertex, or null where none does. */
function soleWinner(
  loop: readonly number[],
  window: number,
  { guards, size }: Vertices,
  { windows }: WindowsGate,
): number | null {
  const rows = loop.map((vertex) =>
    windowOf(windows, guards.subarray(vertex * size, (vertex + 1) * size), window),
  )
  const winner = winnerOf(rows.reduce((sum, row) => sum.map((value, i) => value + row[i])))
  const leads = rows.every((row) => row.every((value) => value <= row[winner]))
  return leads ? winner : null
}

/** @param entries guards of the window's entries */
function insertEntry(cells: readonly Cell[], entry: number, entries: Int32Array, vertices: Vertices): Cell[] {
  const middles = new Map<number, number>()
  const taken: number[][] = []
  const rest: Cell[] = []
  for (const { loop, winner } of cells) {
    const divider = leadOf(entries[entry], entries[winner], vertices)
    const { whole, sides } = splitLoop(loop, divider, vertices, middles)
    const leads = whole.reduce((sum, vertex) => sum + divider.valueAt(vertex), 0) > 0
    if (sides) taken.push(sides.above)
    else if (leads) taken.push(whole)
    if (sides) rest.push({ loop: sides.below, winner })
    else if (!leads) rest.push({ loop: whole, winner })
  }
  return [...rest, ...mergeLoops(taken).map((loop) => ({ loop, winner: entry }))]
}

/** How far one guard is above another. */
function leadOf(guard: number, other: number, vertices: Vertices): Divider {
  const at = (vertex: number, column: number) => vertex * vertices.size + column
  return {
    valueAt: (vertex) => vertices.guards[at(vertex, guard)] - vertices.guards[at(vertex, other)],
    // The winners of the cells on both sides of an edge are equal on it, so that both see the third equal as well.
    settle: (vertex) => (vertices.guards[at(vertex, guard)] = vertices.guards[at(vertex, other)]),
  }
}

/**
 * Leaves out the vertices that an entry made which lost its part again: in the end vertices are those of the outline,
 * and those inside at which three cells meet.
 */
function withoutInnerVertices(cells: readonly Cell[], outline: ReadonlySet<number>): Cell[] {
  const counts = new Map<number, number>()
  for (const { loop } of cells) for (const vertex of loop) counts.set(vertex, (counts.get(vertex) ?? 0) + 1)
  const stays = (vertex: number) => outline.has(vertex) || (counts.get(vertex) ?? 0) > 2
  return cells
    .map(({ loop, winner }) => ({ loop: loop.filter(stays), winner }))
    .filter(({ loop }) => loop.length > 2)
}
