// Imports of spoiled files: a network with all its layers, or nothing.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { AtlasError } from '#atlas/compute/errors.js'
import { importNetwork } from '#atlas/src/jobs/commands/importNetwork.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { storeBytes } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { FUZZ_BASES } from '../support/fuzzBases.ts'
import { spoil } from '../support/mutate.ts'
import { uniform } from '../support/onnx.ts'

const FILES = process.env.ATLAS_TEST === 'long' ? 2_000 : 120

const database = useDatabase()
let db: Database
beforeAll(() => {
  db = openDatabase(database.url)
})
afterAll(() => db.close())

/** How much there is of all that an import may leave. */
async function counts() {
  const { rows } = await db.pool.query(`
    select (select count(*)::int from network) as networks,
           (select count(*)::int from layer) as layers,
           (select count(*)::int from file) as files,
           (select sum(length(data))::int from file_chunk) as bytes`)
  return z
    .object({ networks: z.number(), layers: z.number(), files: z.number(), bytes: z.number() })
    .parse(rows[0])
}

it('leave a network with all its layers, or what was there before', { timeout: 300_000 }, async () => {
  const bases = Object.values(FUZZ_BASES)
  let imported = 0
  for (let seed = 0; seed < FILES; seed++) {
    const { bytes, damage } = spoil(bases[seed % bases.length], uniform(seed))
    const label = `seed ${seed}: ${damage.join(', ')}`
    const file = await storeBytes(db, bytes)
    const before = await counts()
    const request = { name: `net-${seed}`, file, description: '', tags: [] }
    const outcome = await importNetwork(db, request).catch((error: unknown) => error)
    const after = await counts()
    if (typeof outcome === 'number') {
      imported++
      expect(after, label).toMatchObject({ networks: before.networks + 1, files: before.files })
      expect(after.layers, label).toBeGreaterThan(before.layers)
    } else {
      expect(outcome, label).toBeInstanceOf(AtlasError)
      // The upload itself stays for a day: the next import may be of the same file under another name.
      expect(after, label).toEqual(before)
    }
  }
  expect(imported).toBeGreaterThan(FILES / 50)
})
