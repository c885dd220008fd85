import { readFileSync } from 'node:fs'

/** The part of the platform's WebAssembly that is used here; Node's own types leave it out. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: Exports }
}

/** What assembly/ exports: addresses are bytes from the memory's start. See the functions there. */
export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  pack(pre: number, sites: number, units: number, threshold: number, codes: number, margins: number): number
  widen(halves: number, floats: number, count: number): void
  packPlanes(
    pre: number,
    units: number,
    positions: number,
    threshold: number,
    codes: number,
    margins: number,
  ): number
  packWindows(
    plane: number,
    places: number,
    positions: number,
    window: number,
    codes: number,
    stride: number,
    place: number,
    margins: number,
    leads: number,
  ): number
  nearer(query: number, base: number, rows: number, bytes: number, limit: number, kept: number): number
  distances(
    queries: number,
    queryCount: number,
    base: number,
    rows: number,
    bytes: number,
    into: number,
    stride: number,
  ): void
  tally(distances: number, sizes: number, rows: number, weight: number, counts: number): number
  findLevels(counts: number, wanted: number, levels: number): void
  scanCells(
    own: number,
    sites: number,
    cells: number,
    regionsA: number,
    regionsB: number,
    distancesA: number,
    distancesB: number,
    ranksA: number,
    ranksB: number,
    levelsA: number,
    levelsB: number,
    joint: number,
    sums: number,
  ): void
  addOverlaps(a: number, b: number, joint: number, wanted: number, times: number, overlaps: number): void
  reach(
    joined: number,
    joinedNumber: number,
    joinedCore: number,
    joinedOnes: number,
    rows: number,
    count: number,
    bytes: number,
    numbers: number,
    cores: number,
    ones: number,
    distances: number,
    through: number,
  ): number
  countColumns(rows: number, count: number, bytes: number, state: number): void
  flushColumns(state: number, bytes: number, counts: number): void
  markDifferences(rows: number, count: number, bytes: number, reference: number, differing: number): void
  popcounts(rows: number, count: number, bytes: number, counts: number): void
  toggle(rows: number, others: number, bytes: number): void
  multiply(matrix: number, rows: number, columns: number, vector: number, products: number): void
  combine(matrix: number, columns: number, rows: number, weights: number, count: number, sum: number): void
  takeOut(matrix: number, rows: number, columns: number, parts: number, vector: number): void
  appendRow(table: number, columns: number, places: number, normal: number, target: number): void
  pivot(table: number, rows: number, width: number, place: number, column: number): void
}

const PAGE_BYTES = 65_536

/** Compiled once a thread; an instance takes microseconds. */
const module = new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)))

/** An instance with a memory of its own, of at least so many bytes. */
export function instantiate(bytes: number): Exports {
  const { exports } = new WebAssembly.Instance(module)
  reserve(exports, bytes)
  return exports
}

/** Grows the memory where it is smaller. Views of it from before are empty afterwards. */
export function reserve({ memory }: Exports, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
}
