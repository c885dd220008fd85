const HASH_BYTES = 16

/**
 * Number of codes that both sides have. Codes are identified by bit count and hash.
 *
 * @param a regions x 16 bytes, distinct
 * @param b regions x 16 bytes, distinct
 */
export function countSharedCodes(a: Uint8Array, b: Uint8Array): number {
  const known = new Set(hashKeys(a))
  let shared = 0
  for (const key of hashKeys(b)) if (known.has(key)) shared++
  return shared
}

function* hashKeys(hashes: Uint8Array): Generator<string> {
  const bytes = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.length)
  for (let at = 0; at < bytes.length; at += HASH_BYTES) yield bytes.toString('latin1', at, at + HASH_BYTES)
}
