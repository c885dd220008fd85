import { createApiKey, listApiKeys, revokeApiKey } from '../../store/apiKeys.ts'
import { KEY_SCOPES } from '../../store/keyScopes.ts'
import { moment } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { section, table } from '../text.ts'

/** `atlas key create`: the key alone goes to stdout, so that a script can take it. */
export async function createKeyCommand(cli: AtlasCli, name: string, wanted: string): Promise<void> {
  const scope = KEY_SCOPES.find((known) => known === wanted) ?? 'READ'
  const key = await createApiKey(cli.atlas.db, name, scope)
  cli.output.note(
    `The key "${name}" may ${MAY[scope]}. Keep it: it is not shown again. Send it as "Authorization: Bearer <key>".`,
  )
  cli.output.answer({ name, scope, key }, key)
}

const MAY = {
  READ: 'read',
  WRITE: 'read, import and compute',
  ADMIN: 'read, import, compute and delete',
} as const

/** `atlas key list` */
export async function listKeysCommand(cli: AtlasCli): Promise<void> {
  const keys = await listApiKeys(cli.atlas.db)
  const rows = keys.map(({ name, scope, createdAt }) => [name, scope.toLowerCase(), moment(createdAt)])
  const text = rows.length === 0 ? 'none' : table(['name', 'scope', 'created'], rows)
  cli.output.answer({ keys }, section('Keys', text))
}

/** `atlas key revoke` */
export async function revokeKeyCommand(cli: AtlasCli, name: string): Promise<void> {
  await revokeApiKey(cli.atlas.db, name)
  cli.output.answer({ revoked: name }, `The key "${name}" is revoked; servers refuse it within seconds.`)
}
