import { AtlasRequestError, firstError } from './atlas.ts'

/** Codes of errors that a key would mend. */
export const NEEDS_KEY = ['KEY_NEEDED', 'UNKNOWN_KEY']

/** Has the server keep a key in a cookie of this browser. Throws AtlasRequestError, such as UNKNOWN_KEY. */
export async function keepKey(key: string): Promise<void> {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  }).catch((cause: unknown) => {
    throw new AtlasRequestError('UNREACHABLE', 'The atlas does not answer. Is it running?', { cause })
  })
  if (!response.ok) throw firstError((await response.json()).errors)
}
