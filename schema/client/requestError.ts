/** An error that the atlas answered, or that kept a request from it. */
export class AtlasRequestError extends Error {
  override readonly name = 'AtlasRequestError'

  /** The stable code, such as UNKNOWN_NETWORK; UNREACHABLE where no atlas answered, NOT_AN_ATLAS where another did. */
  readonly code: string

  /** `message` says what happened and what to do about it, for people. */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A GraphQL answer, as far as clients read it. */
export interface Answer<Data> {
  data?: Data | null
  errors?: readonly AnsweredError[]
}

interface AnsweredError {
  message: string
  extensions?: { code?: unknown }
}

/** The first of the errors that an answer holds. */
export function firstError([first]: readonly AnsweredError[]): AtlasRequestError {
  const code = first.extensions?.code
  return new AtlasRequestError(typeof code === 'string' ? code : 'INTERNAL', first.message)
}
