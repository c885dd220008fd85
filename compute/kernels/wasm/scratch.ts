import { instantiate, reserve, type Exports } from './module.ts'

/** Pieces start on whole SIMD words. */
const ALIGNMENT = 16

/** Working memory of one kernel call, handed out piece by piece. Its contents are those of an earlier call. */
export class Scratch {
  readonly exports: Exports = instantiate(0)
  #taken = 0

  /** A piece of so many bytes, by its address. Arrays over earlier pieces may be empty afterwards. */
  take(bytes: number): number {
    const at = this.#taken
    this.#taken += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
    reserve(this.exports, this.#taken)
    return at
  }

  ints(at: number, length: number): Int32Array {
    return new Int32Array(this.exports.memory.buffer, at, length)
  }

  words(at: number, length: number): Uint32Array {
    return new Uint32Array(this.exports.memory.buffer, at, length)
  }

  floats(at: number, length: number): Float64Array {
    return new Float64Array(this.exports.memory.buffer, at, length)
  }

  /** A piece that holds these whole numbers. */
  putInts(values: Int32Array): number {
    const at = this.take(values.length * 4)
    this.ints(at, values.length).set(values)
    return at
  }

  /** A piece that holds these float64 numbers. */
  putFloats(values: Float64Array): number {
    const at = this.take(values.length * 8)
    this.floats(at, values.length).set(values)
    return at
  }

  /** Bytes that are handed out. */
  get taken(): number {
    return this.#taken
  }

  /** Takes back all pieces but those that were handed out when so many bytes were. */
  reset(taken = 0): void {
    this.#taken = taken
  }
}

let scratch: Scratch | undefined

/** The thread's working memory, all of it: the pieces of the last call are gone. It never shrinks. */
export function emptyScratch(): Scratch {
  scratch ??= new Scratch()
  scratch.reset()
  return scratch
}
