/**
 * An error that a user of the atlas can act on: a stable code (SCREAMING_SNAKE_CASE, part of the public
 * contract, never reworded) and a sentence that says what is wrong and what to do about it.
 * Every other error is a bug.
 */
export class AtlasError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AtlasError'
    this.code = code
  }
}
