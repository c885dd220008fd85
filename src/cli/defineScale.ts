/** The command that brings the tables of an atlas to another form. */
import { Option, type Command } from 'commander'
import type { MigrateOptions } from './commands/migrate.ts'
import { example, onAtlas } from './define.ts'
import { parseCount } from './options.ts'

/** Adds `atlas migrate`. */
export function defineScale(program: Command): void {
  program
    .command('migrate')
    .description('apply the migrations that the database lacks; divide or distribute the large tables')
    .addOption(
      new Option(
        '--hash-partitions <count>',
        'divide the large tables by hash of their network or partition; 1 makes them plain again',
      )
        .argParser(parseCount)
        .conflicts('citus'),
    )
    .addOption(
      new Option('--citus', 'spread the tables over the nodes of a Citus cluster (not tried on one)'),
    )
    .addOption(
      new Option('--print', 'with --citus: print the statements, and do nothing').implies({ citus: true }),
    )
    .addHelpText('after', example('atlas migrate --hash-partitions 16'))
    .action((options: MigrateOptions) =>
      onAtlas(program, async (cli) => (await import('./commands/migrate.ts')).migrateCommand(cli, options)),
    )
}
