import { availableParallelism, totalmem } from 'node:os'
import { computeInUse } from '../../jobs/direct/compute.ts'
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
  const tell = (database: PostgresInUse | null) =>
    cli.output.answer(
      { machine, compute, database: database && { where, ...database } },
      fields([
        ['Node', `${machine.node} on ${machine.platform}`],
        ['machine', `${machine.cores} cores, ${bytes(machine.memory)} memory`],
        ['kernels', `${compute.kernels.name}: ${compute.kernels.device}`],
        ['', compute.kernels.fallback],
        ['inference', compute.inference],
        ['database', database && `Postgres ${database.version}, ${where}, ${bytes(database.bytes)}`],
      ]),
    )
  try {
    await runWithAtlas(cli, async ({ atlas }) => tell(await readPostgresInUse(atlas.db)))
  } catch (error) {
    if (!cli.output.json) tell(null) // with --json the error is the one document
    throw error
  }
}
