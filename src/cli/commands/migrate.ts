import { distributeByCitus, readCitusScript } from '../../store/scale/citus.ts'
import { spreadByHash } from '../../store/scale/hashPartitions.ts'
import type { AtlasCli } from '../session.ts'
import { table } from '../text.ts'

export interface MigrateOptions {
  hashPartitions?: number
  citus?: boolean
  print?: boolean
}

/** `atlas migrate`: the migrations themselves were applied when the atlas was opened. */
export async function migrateCommand(
  cli: AtlasCli,
  { hashPartitions, citus, print }: MigrateOptions,
): Promise<void> {
  if (hashPartitions !== undefined) return dividing(cli, hashPartitions)
  if (citus) return print ? printScript(cli) : distributing(cli)
  cli.output.answer({ migrated: true }, 'The tables are those of this version.')
}

async function dividing(cli: AtlasCli, partitions: number): Promise<void> {
  const done = await spreadByHash(cli.atlas.db, partitions, (name) => cli.output.note(`Moving ${name} …`))
  const rows = done.map((moved) => [moved.table, moved.rows, moved.partitions])
  const text = rows.length === 0 ? 'The tables are so already.' : table(['table', 'rows', 'partitions'], rows)
  cli.output.answer({ tables: done }, text)
}

async function printScript(cli: AtlasCli): Promise<void> {
  const script = await readCitusScript(cli.atlas.db)
  const lines = ['begin', ...script.statements, 'commit', ...script.cleanup].map((line) => `${line};`)
  cli.output.answer(script, lines.join('\n'))
}

async function distributing(cli: AtlasCli): Promise<void> {
  const script = await distributeByCitus(cli.atlas.db)
  cli.output.answer(script, `Distributed the tables by ${script.statements.length} statements.`)
}
