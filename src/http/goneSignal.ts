import type { ServerResponse } from 'node:http'

/** Aborted when the connection closes before the answer was written. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) gone.abort(new Error('The client has gone.'))
  })
  return gone.signal
}
