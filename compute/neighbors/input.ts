import { shareRows, type CodeRows } from '../kernels/index.ts'

/** Pairs x words below which a search takes a few milliseconds and runs on the calling thread. */
export const SMALL_SEARCH = 2e6

/** Which codes to search. */
export interface SearchInput {
  /** Query rows x ceil(bitCount / 8) bytes, zero after the last bit. */
  queries: Uint8Array
  /** Base rows, packed in the same way. */
  base: Uint8Array
  bitCount: number
  /** Bits that count, ceil(bitCount / 8) bytes; by default all. */
  mask?: Uint8Array
  /** The queries are the base: row i is no neighbour of itself. */
  self?: boolean
}

/** Lays queries and base out for the kernels, once where they are the same. */
export async function shareQueries({
  queries,
  base,
  bitCount,
  mask,
  self = false,
}: SearchInput): Promise<{ queries: CodeRows; base: CodeRows; self: boolean }> {
  // Codes of 0 bits count as none: there is nothing to find among them.
  const rowCount = (codes: Uint8Array) => (bitCount === 0 ? 0 : codes.length / Math.ceil(bitCount / 8))
  const share = (codes: Uint8Array) => shareRows(codes, rowCount(codes), bitCount, mask)
  const sharedBase = await share(base)
  return { base: sharedBase, queries: queries === base ? sharedBase : await share(queries), self }
}
