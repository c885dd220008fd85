import { afterAll, beforeAll, expect, it } from 'vitest'
import { importDatasetTask } from '#atlas/src/jobs/importDataset.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { storeBytes } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
let db: Database

beforeAll(() => {
  db = openDatabase(database.url)
})

afterAll(() => db.close())

it('removes the uploaded files, also those that a worker left when it was killed after its commit', async () => {
  const context = { db, jobId: '', signal: new AbortController().signal, progress: () => Promise.resolve() }
  const upload = async () => ({
    name: 'points',
    file: await storeBytes(db, new TextEncoder().encode('1,2\n3,4\n')),
    labels: await storeBytes(db, new TextEncoder().encode('0\n1\n')),
    classNames: null,
    shape: null,
    scale: null,
    labelColumn: null,
  })
  await importDatasetTask.execute(context, await upload())
  expect(await db.prisma.file.count()).toBe(0)
  await importDatasetTask.execute(context, await upload())
  expect(await db.prisma.file.count()).toBe(0)
  expect(await db.prisma.input.count()).toBe(2)
})
