/** The commands on the keys of the API. */
import { Option, type Command } from 'commander'
import { KEY_SCOPES } from '../store/keyScopes.ts'
import { example, onAtlas } from './define.ts'

/** Adds `atlas key create|list|revoke`. */
export function defineKeys(program: Command): void {
  const keys = program
    .command('key')
    .description('make, list and revoke keys of the API (key create|list|revoke)')
    .helpCommand(false)
  keys
    .command('create')
    .description('make a key and print it, this once')
    .argument('<name>', 'whose it is')
    .addOption(
      new Option('--scope <scope>', 'read, write (imports and computes as well) or admin (deletes as well)')
        .choices(KEY_SCOPES.map((scope) => scope.toLowerCase()))
        .default('read'),
    )
    .addHelpText('after', example('atlas key create notebook --scope write'))
    .action((name: string, { scope }: { scope: string }) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/key.ts')).createKeyCommand(cli, name, scope.toUpperCase()),
      ),
    )
  keys
    .command('list')
    .description('list the keys: their names and scopes')
    .action(() => onAtlas(program, async (cli) => (await import('./commands/key.ts')).listKeysCommand(cli)))
  keys
    .command('revoke')
    .description('make a key worthless')
    .argument('<name>', 'name of the key')
    .addHelpText('after', example('atlas key revoke notebook'))
    .action((name: string) =>
      onAtlas(program, async (cli) => (await import('./commands/key.ts')).revokeKeyCommand(cli, name)),
    )
}
