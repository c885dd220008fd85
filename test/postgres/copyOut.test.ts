import { afterAll, beforeAll, expect, it } from 'vitest'
import { copyOutBytes } from '#atlas/src/store/copyOut.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { useDatabase } from '../support/database.ts'

const database = useDatabase('empty')
let db: Database
beforeAll(() => {
  db = openDatabase(database.url)
})
afterAll(() => db.close())

const MEBIBYTE = 1 << 20

it.each([
  ['nothing', []],
  ['one empty value', [0]],
  ['values that fill a block to the byte', [MEBIBYTE - 16, 16, 1]],
  ['values that do not fit into what is left', [MEBIBYTE - 1, 2, 5]],
  ['values larger than a block', [3, 3 * MEBIBYTE, 7]],
  ['many small values', Array.from({ length: 90_000 }, (_, i) => i % 40)],
])('joins %s', async (_, lengths) => {
  // The i-th value is so many times its own last digit, which tells where each ended up.
  const query = `select convert_to(repeat((i % 10)::text, length), 'UTF8')
    from unnest('{${lengths.join(',')}}'::int4[]) with ordinality u(length, i) order by i`
  const expected = lengths.map((length, i) => String((i + 1) % 10).repeat(length)).join('')
  expect((await copyOutBytes(db, query)).equals(Buffer.from(expected))).toBe(true)
})

it('leaves nulls out', async () => {
  const query = `select v from (values (1, '\\x01'::bytea), (2, null), (3, '\\x02')) t(i, v) order by i`
  expect([...(await copyOutBytes(db, query))]).toEqual([1, 2])
})
