import { readFileSync } from 'node:fs'

/** The part of the platform's WebAssembly that is used here; Node's own types leave it out. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: HammingExports }
}

interface HammingExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  /** See hamming.as.ts. */
  nearer(query: number, base: number, rows: number, bytes: number, limit: number, kept: number): number
}

/** Rows that a scan takes are padded to a multiple of so many 32-bit words: four 64-bit words a step. */
export const BLOCK_WORDS = 8

const PAGE_BYTES = 65_536

/** Compiled once a thread; an instance takes microseconds. */
const module = new WebAssembly.Module(readFileSync(new URL('./hamming.wasm', import.meta.url)))

/** Rows in a WebAssembly memory of their own, and the scan of some of them for those near to one. */
export class RowScanner {
  /**
   * What the last scan kept, two entries a row: its number counted from the scan's first row, and its distance in
   * bits.
   */
  readonly kept: Int32Array
  readonly #exports: HammingExports
  readonly #words: Uint32Array
  readonly #rowBytes: number
  readonly #keptAt: number

  /**
   * @param capacity rows that fit
   * @param width words a row, a multiple of {@link BLOCK_WORDS}
   */
  constructor(capacity: number, width: number) {
    this.#rowBytes = width * 4
    this.#keptAt = capacity * this.#rowBytes
    this.#exports = new WebAssembly.Instance(module).exports
    const { memory } = this.#exports
    memory.grow(Math.ceil((this.#keptAt + capacity * 8) / PAGE_BYTES))
    this.#words = new Uint32Array(memory.buffer, 0, capacity * width)
    this.kept = new Int32Array(memory.buffer, this.#keptAt, capacity * 2)
  }

  /** Copies rows in, the first to row `at`. */
  load(at: number, rows: Uint32Array): void {
    this.#words.set(rows, (at * this.#rowBytes) / 4)
  }

  /**
   * Keeps the rows `from` … `from + rows - 1` that are nearer to row `query` than `limit` bits, ascending.
   * @returns how many
   */
  nearer(query: number, from: number, rows: number, limit: number): number {
    const bytes = this.#rowBytes
    return this.#exports.nearer(query * bytes, from * bytes, rows, bytes, limit, this.#keptAt)
  }
}
