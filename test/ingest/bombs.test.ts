import { gzipSync } from 'node:zlib'
import { test } from 'vitest'
import { expectRefusal, idx, npy, readAll, temporaryFolder, zip } from './support.ts'

const folder = temporaryFolder()
/** More than does no harm, packed some 250 to 1 or better. */
const ROWS = 257 * 1024
const zeros = new Uint8Array(ROWS * 1024)
const MESSAGE = /^"bomb\.[\w.#]+" unpacks to more than 200 times its \d+ bytes/

test('a gzip bomb is refused where it has grown too far', async () => {
  const bomb = gzipSync(idx(8, [ROWS, 32, 32], zeros), { level: 3 })
  // Without its labels' sibling the reader goes straight to the samples.
  await expectRefusal(folder.write('bomb.gz', bomb), 'DECOMPRESSES_TOO_FAR', MESSAGE)
})

test('a zip bomb is refused before it is unpacked', async () => {
  const bomb = zip({ 'data.npy': npy('|u1', [ROWS, 1024], zeros) }, { deflate: true })
  await expectRefusal(folder.write('bomb.npz', bomb), 'DECOMPRESSES_TOO_FAR', MESSAGE)
})

test('an archive of too many files is refused', async () => {
  const entries = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`${i}.npy`, new Uint8Array()]))
  await expectRefusal(folder.write('many.npz', zip(entries)), 'MALFORMED_NPZ', /holds 10001 files/)
})

test('what packs well and stays small is read', async () => {
  const rows = 1000
  const small = gzipSync(npy('|u1', [rows, 1024], zeros.subarray(0, rows * 1024)), { level: 9 })
  await readAll(folder.write('small.npy.gz', small))
})
