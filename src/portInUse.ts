import { AtlasError } from '../compute/errors.ts'

/** Turns what `listen` says of a port that is taken into PORT_IN_USE, with the variable to set. */
export function explainPort(variable: string, port: number) {
  return (error: unknown): never => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new AtlasError(
        'PORT_IN_USE',
        `Port ${port} is taken: set ${variable} to another one, for example ${variable}=${port + 1}.`,
      )
    throw error
  }
}
