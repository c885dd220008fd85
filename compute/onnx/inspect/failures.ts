import { AtlasError } from '../../errors.ts'

/** The process died, by a signal such as SIGSEGV or an exit of its own. */
export function crashed(how: string): AtlasError {
  return new AtlasError(
    'NETWORK_CRASHED',
    `The process that read the network died (${how}), so the network was not imported; nothing else was harmed. The ` +
      'file may be damaged: check it with onnx.checker, and export the network again.',
  )
}

export function outOfTime(milliseconds: number): AtlasError {
  return new AtlasError(
    'NETWORK_TIMED_OUT',
    `Reading the network and running it on a few samples took more than ${milliseconds / 1000} s, so it was not ` +
      'imported. Check for absurd sizes in it, or import a smaller network.',
  )
}

export function outgrown(bytes: number): AtlasError {
  return new AtlasError(
    'TOO_LARGE',
    `Reading the network and running it on a few samples took more than ${(bytes / 2 ** 30).toFixed(1)} GiB of ` +
      'memory, so it was not imported. Check for absurd sizes in it, or import a smaller network.',
  )
}
