import { availableParallelism, totalmem } from 'node:os'
import { computeInUse } from '../../jobs/direct/compute.ts'
import { liveWorkerCount } from '../../jobs/liveness.ts'
import { listApiKeys } from '../../store/apiKeys.ts'
import type { Database } from '../../store/database.ts'
import { countJobs } from '../../store/jobs.ts'
import { readPostgresInUse, type PostgresInUse } from '../../store/postgresInUse.ts'
import { bytes } from '../format.ts'
import { runWithAtlas, type Cli } from '../session.ts'
import { fields } from '../text.ts'

/**
 * `atlas doctor`: what the atlas runs on, and what hinders it.
 *
 * @throws AtlasError what opening the atlas throws, after the rest was told
 */
export async function doctorCommand(cli: Cli): Promise<void> {
  const machine = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memory: totalmem(),
  }
  const compute = computeInUse()
  const where = cli.settings.databaseUrl === undefined ? `embedded in ${cli.settings.home}` : 'DATABASE_URL'
  const access = { mode: cli.settings.access, host: cli.settings.host, port: cli.settings.port }
  const tell = (database: PostgresInUse | null, service: Service | null) =>
    cli.output.answer(
      { machine, compute, access, database: database && { where, ...database }, ...service },
      fields([
        ['Node', `${machine.node} on ${machine.platform}`],
        ['machine', `${machine.cores} cores, ${bytes(machine.memory)} memory`],
        ['kernels', `${compute.kernels.name}: ${compute.kernels.device}`],
        ['', compute.kernels.fallback],
        ['inference', compute.inference],
        ['database', database && `Postgres ${database.version}, ${where}, ${bytes(database.bytes)}`],
        ['access', `${access.mode} on ${access.host}${service ? `, ${service.keys} keys` : ''}`],
        ['queue', service && queueText(service)],
        ['', service && problemOf(service)],
      ]),
    )
  try {
    await runWithAtlas(cli, async ({ atlas: { db } }) =>
      tell(await readPostgresInUse(db), await readService(db)),
    )
  } catch (error) {
    if (!cli.output.json) tell(null, null) // with --json the error is the one document
    throw error
  }
}

/** How the service goes. */
interface Service {
  keys: number
  workers: number
  queued: number
  running: number
}

async function readService(db: Database): Promise<Service> {
  const [keys, workers, jobs] = await Promise.all([listApiKeys(db), liveWorkerCount(db), countJobs(db)])
  const inState = (wanted: string) =>
    jobs.filter(({ state }) => state === wanted).reduce((sum, { count }) => sum + count, 0)
  return { keys: keys.length, workers, queued: inState('QUEUED'), running: inState('RUNNING') }
}

function queueText({ queued, running, workers }: Service): string {
  return `${queued} queued, ${running} running, ${workers} ${workers === 1 ? 'worker' : 'workers'}`
}

function problemOf({ queued, running, workers }: Service): string | null {
  if (workers > 0 || queued + running === 0) return null
  return 'Jobs wait and no worker is alive: `atlas worker` starts one, as does `npm start`.'
}
