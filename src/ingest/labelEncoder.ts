import { AtlasError } from '../../compute/errors.ts'
import { NUMBER } from './numberText.ts'

/** Most classes without names given, so that a stray id among the labels does not become a million classes. */
const MAX_UNNAMED_CLASSES = 65_536

/**
 * Turns labels as files hold them into indices of class names, and learns the names where none are given: those
 * of text labels in order of first appearance, `0` to the largest number otherwise.
 */
export class LabelEncoder {
  readonly #given: readonly string[] | null
  readonly #indexOfName: Map<string, number>
  /** Set by the first text: whether labels are numbers or names. */
  #areNumbers: boolean | null = null
  #largest = -1

  constructor(given: readonly string[] | null) {
    this.#given = given
    this.#indexOfName = new Map(given?.map((name, index) => [name, index]))
  }

  /** The names known so far. */
  get classNames(): string[] {
    if (this.#given) return [...this.#given]
    if (this.#indexOfName.size > 0) return [...this.#indexOfName.keys()]
    return Array.from({ length: this.#largest + 1 }, (_, label) => String(label))
  }

  /** Checks a label. `place` says whose it is. Throws LABEL_OUT_OF_RANGE. */
  fromNumber(label: number, place: () => string): number {
    const end = this.#given ? this.#given.length : MAX_UNNAMED_CLASSES
    if (!Number.isInteger(label) || label < 0 || label >= end) {
      const limit = this.#given
        ? `there are ${end} class names, so labels go from 0 to ${end - 1}`
        : `without class names, labels are whole numbers from 0 to ${end - 1}`
      throw new AtlasError('LABEL_OUT_OF_RANGE', `The label of ${place()} is ${label}: ${limit}.`)
    }
    if (label > this.#largest) this.#largest = label
    return label
  }

  /**
   * The label that a text stands for: the first text of a file decides whether its labels are numbers or names.
   * Throws LABEL_OUT_OF_RANGE.
   */
  fromText(text: string, place: () => string): number {
    this.#areNumbers ??= NUMBER.test(text)
    if (this.#areNumbers) {
      if (NUMBER.test(text)) return this.fromNumber(Number(text), place)
      const problem = `is "${text}", while the labels before it are numbers`
      throw new AtlasError('LABEL_OUT_OF_RANGE', `The label of ${place()} ${problem}: make all of one kind.`)
    }
    return this.#indexOfName.get(text) ?? this.#learn(text, place)
  }

  #learn(name: string, place: () => string): number {
    const problem = this.#given
      ? 'is none of the class names: add it to them'
      : name === ''
        ? 'is empty: fill it in'
        : this.#indexOfName.size >= MAX_UNNAMED_CLASSES
          ? `is the name of yet another class after ${MAX_UNNAMED_CLASSES}: choose the right column`
          : null
    if (problem !== null)
      throw new AtlasError('LABEL_OUT_OF_RANGE', `The label of ${place()}, "${name}", ${problem}.`)
    const index = this.#indexOfName.size
    this.#indexOfName.set(name, index)
    return index
  }
}
