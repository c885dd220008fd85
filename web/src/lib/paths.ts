/** The addresses of the explorer's pages: made of the atlas' natural paths, so that they can be written by hand. */

/** The page of an entity, such as `/atlas/mnist-a/2..2@mnist`. */
export const entityHref = (path: string) => `/atlas/${path.split('/').map(encodeSegment).join('/')}`

/** A page with arguments; those that are null or empty are left out. */
export function pageHref(
  page: string,
  args: Record<string, string | number | null | undefined> = {},
): string {
  const given = Object.entries(args).filter(([, value]) => value != null && value !== '')
  const query = given.map(([name, value]) => `${name}=${encodeSegment(String(value))}`).join('&')
  return query === '' ? page : `${page}?${query}`
}

/** Encodes what a URL needs encoded, and leaves `@ : / ~` of paths readable. */
function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(/%(40|3A|2F|7E|2C)/g, decodeURIComponent)
}

/** How a person reads a hash: its first eight digits. */
export function shortPath(path: string): string {
  return path.replace(/\/([0-9a-f]{32})$/, (_all, hash: string) => `/${hash.slice(0, 8)}…`)
}
