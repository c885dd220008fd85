import { createHash } from 'node:crypto'
import type { ElementType } from './dataset.ts'

/**
 * SHA-256 of a dataset whatever file it came from: of a JSON object with its shape, element type and
 * scale, the SHA-256 of the raw numbers and that of the labels (int32, little-endian; null without labels).
 */
export class DatasetDigest {
  readonly #values = createHash('sha256')
  readonly #labels = createHash('sha256')
  #labelled = false

  add(data: Uint8Array, labels: Int32Array | null): void {
    this.#values.update(data)
    if (!labels) return
    this.#labelled = true
    this.#labels.update(labels)
  }

  /** The hash in hexadecimal; may be asked for once. */
  finish(shape: readonly number[], elementType: ElementType, scale: number): string {
    const values = this.#values.digest('hex')
    const labels = this.#labelled ? this.#labels.digest('hex') : null
    return createHash('sha256')
      .update(JSON.stringify({ shape, elementType, scale, values, labels }))
      .digest('hex')
  }
}
