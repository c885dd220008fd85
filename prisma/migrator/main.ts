import { AtlasError } from '../../compute/errors.ts'
import { applyMigrations } from './apply.ts'
import { createMigration, diffSchema } from './create.ts'

const USAGE = `Usage: DATABASE_URL=postgres://… migrate COMMAND

  create NAME   write a migration that leads to schema.prisma
  apply         apply the migrations that the database lacks
  diff          print the SQL that the migrations still lack to reach schema.prisma; status 1 if any

create and diff replay the migrations in a database of their own; DATABASE_URL names any database of a
Postgres server whose user may make one.
`

async function run(databaseUrl: string, command: string, argument: string | undefined): Promise<number> {
  if (command === 'create' && argument !== undefined) {
    console.log(await createMigration(argument, databaseUrl))
    return 0
  }
  if (command === 'apply' && argument === undefined) {
    const names = await applyMigrations(databaseUrl)
    console.log(names.length === 0 ? 'Nothing to apply.' : names.join('\n'))
    return 0
  }
  if (command === 'diff' && argument === undefined) {
    const script = await diffSchema(databaseUrl)
    console.log(script === '' ? 'The migrations lead to schema.prisma.' : script)
    return script === '' ? 0 : 1
  }
  console.error(USAGE)
  return 2
}

const [command = '', argument] = process.argv.slice(2)
const databaseUrl = process.env.DATABASE_URL
if (databaseUrl === undefined) {
  console.error(USAGE)
  process.exitCode = 2
} else {
  try {
    process.exitCode = await run(databaseUrl, command, argument)
  } catch (error) {
    console.error(error instanceof AtlasError ? `${error.code}: ${error.message}` : error)
    process.exitCode = 1
  }
}
