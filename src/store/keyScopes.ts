/** What a key is good for; each holds those before it. */
export const KEY_SCOPES = ['READ', 'WRITE', 'ADMIN'] as const
export type KeyScope = (typeof KEY_SCOPES)[number]

/** Whether a scope holds what another one allows. */
export function includesScope(scope: KeyScope, needed: KeyScope): boolean {
  return KEY_SCOPES.indexOf(scope) >= KEY_SCOPES.indexOf(needed)
}
