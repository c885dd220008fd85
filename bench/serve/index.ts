/**
 * How fast the server answers, beside PostGraphile and Mercurius: the same rows in the same Postgres, the same questions,
 * one core for each server, in turns within one run. Before anything is measured, all answers are compared by value.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Atlas } from '../../src/atlas.ts'
import { loadSample } from '../../src/sample/index.ts'
import { sql } from '../../src/store/database.ts'
import { withEmptyAtlas } from '../atlas.ts'
import type { Row } from '../report.ts'
import { canPin, offServersCore } from './cores.ts'
import { measure } from './measure.ts'
import { readQuestions } from './questions.ts'
import { checkInstalled, nodeVersion, startServers } from './servers.ts'

const EFFORT = { connections: 16, rounds: 3, seconds: 6, warmUpSeconds: 4 }

export async function benchServe(): Promise<Row[]> {
  checkInstalled()
  return withEmptyAtlas(async (atlas) => {
    await prepare(atlas)
    const questions = await readQuestions(atlas.db)
    offServersCore(process.pid)
    offServersCore(await postgresPid(atlas))
    const home = await mkdtemp(join(tmpdir(), 'atlas-bench-serve-'))
    const servers = await startServers(atlas.url, home)
    try {
      const common = {
        connections: EFFORT.connections,
        pinned: canPin ? 'yes' : 'no',
        node: await nodeVersion(),
      }
      return (await measure(servers, questions, EFFORT)).map((row) => ({ ...row, ...common }))
    } finally {
      for (const server of servers) await server.stop()
      await rm(home, { recursive: true, force: true })
    }
  })
}

/** The sample of the first start, with statistics for Postgres' planner. */
async function prepare({ db }: Atlas): Promise<void> {
  let told = -1
  await loadSample(db, 'test', (done, total, step) => {
    if (done !== told) console.log(`${done}/${total} ${step}`)
    told = done
  })
  await db.query(sql`vacuum analyze`)
}

/** The process that starts those of the connections. */
export async function postgresPid({ db }: Atlas): Promise<number> {
  const [{ file }] = await db.query<{ file: string }>(sql`select pg_read_file('postmaster.pid') as file`)
  return Number(file.split('\n')[0])
}
