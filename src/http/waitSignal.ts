import type { ServerResponse } from 'node:http'
import { AtlasError } from '../../compute/errors.ts'

/** Aborted when the connection closes before the answer was written. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished)
      gone.abort(new AtlasError('CLIENT_GONE', 'The client closed its connection before the answer.'))
  })
  return gone.signal
}
