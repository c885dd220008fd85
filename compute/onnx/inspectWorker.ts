import { AtlasError } from '../errors.ts'
import { inspectNetwork } from './network.ts'
import type { NetworkSummary } from './summary.ts'

/** An AtlasError as data: an Error that crosses threads keeps its message but loses its code. */
export type Inspection = { summary: NetworkSummary } | { code: string; message: string }

/** Entry of the thread that inspects networks. */
export async function inspect(bytes: Uint8Array): Promise<Inspection> {
  try {
    return { summary: await inspectNetwork(bytes) }
  } catch (error) {
    if (error instanceof AtlasError) return { code: error.code, message: error.message }
    throw error
  }
}
