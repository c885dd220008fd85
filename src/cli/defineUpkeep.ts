/** The commands that keep an atlas safe and sound. */
import { Option, type Command } from 'commander'
import type { BackupCommandOptions } from './commands/backup.ts'
import type { RestoreCommandOptions } from './commands/restore.ts'
import type { VerifyCommandOptions } from './commands/verify.ts'
import { example, onAtlas, onSettings } from './define.ts'
import { parseCount, parseSeed } from './options.ts'

/** Adds the commands that keep an atlas safe and sound. */
export function defineUpkeep(program: Command): void {
  program.commandsGroup('Upkeep:')
  defineBackup(program)
  defineVerify(program)
}

function defineBackup(program: Command): void {
  program
    .command('backup')
    .description('write the whole atlas, as it is at one moment, to one file; others may go on working')
    .argument('<file>', 'file to write; one that is there is replaced when the new one is complete')
    .addOption(
      new Option('--format <format>', "the atlas's own, which needs no tools, or that of pg_dump -Fc")
        .choices(['atlas', 'pg_dump'])
        .default('atlas'),
    )
    .addHelpText('after', example('atlas backup atlas-monday.backup'))
    .action((file: string, options: BackupCommandOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/backup.ts')).backupCommand(cli, file, options),
      ),
    )
  program
    .command('restore')
    .description('bring back what atlas backup wrote, into an atlas without rows: all of it or nothing')
    .argument('<file>', 'file of a backup, in either format')
    .option('--check', 'only read the file to its end and compare it with its checksums')
    .addHelpText('after', example('ATLAS_HOME=restored atlas restore atlas-monday.backup'))
    .action((file: string, options: RestoreCommandOptions) =>
      onSettings(program, async (cli) =>
        (await import('./commands/restore.ts')).restoreCommand(cli, file, options),
      ),
    )
}

function defineVerify(program: Command): void {
  program
    .command('verify')
    .description('check that the atlas is as it was computed: counts, references, checksums, and codes anew')
    .addOption(
      new Option('--sample <count>', 'inputs of each network and dataset whose codes are computed again')
        .argParser(parseCount)
        .default(256),
    )
    .addOption(new Option('--all', 'compute the codes of all inputs again').conflicts('sample'))
    .addOption(
      new Option('--seed <seed>', 'of the place where the inputs begin').argParser(parseSeed).default(1),
    )
    .addHelpText('after', example('atlas verify --sample 1000'))
    .action((options: VerifyCommandOptions) =>
      onAtlas(program, async (cli) => (await import('./commands/verify.ts')).verifyCommand(cli, options)),
    )
}
