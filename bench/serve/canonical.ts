/** Answers of different servers in one form: equal text where they say the same. */

/**
 * The values of an answer's `data`, whatever its server makes of lists (in `nodes`, `edges` or by themselves), of a row
 * behind another (`node`), of a layer that is only asked its index, of hashes (with dashes or without) and of bytes
 * (base64 `bits` or hexadecimal `hex`). Throws where the answer has errors or null.
 */
export function canonical(text: string): string {
  const answer: unknown = JSON.parse(text)
  if (!isObject(answer) || 'errors' in answer) throw new Error(`No answer: ${text.slice(0, 1000)}`)
  return JSON.stringify(valueOf(answer.data), null, 1)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valueOf(value: unknown): unknown {
  if (value === null || value === undefined)
    throw new Error('An answer has null where a value was asked for.')
  if (Array.isArray(value)) return value.map(valueOf)
  if (!isObject(value)) return value
  const keys = Object.keys(value)
  if (keys.length === 1 && ['nodes', 'edges', 'index'].includes(keys[0])) return valueOf(value[keys[0]])
  const { node, ...own } = value
  const entries = Object.entries({ ...own, ...(isObject(node) ? node : {}) }).map(([key, entry]) =>
    fieldOf(key, entry),
  )
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function fieldOf(key: string, value: unknown): [string, unknown] {
  if (key === 'hash' && typeof value === 'string') return [key, value.replaceAll('-', '')]
  if (key === 'bits' && typeof value === 'string')
    return ['hex', Buffer.from(value, 'base64').toString('hex')]
  return [key, valueOf(value)]
}
