/**
 * Column lists of keys, as the arrays that `unnest` takes. Those of numbers are written out: pg would look for something
 * to escape in each of them.
 */
export function columnsOf(
  keys: readonly (readonly (number | string)[])[],
  width: number,
): (string | (number | string)[])[] {
  return Array.from({ length: width }, (_, i) => {
    const column = keys.map((key) => key[i])
    return typeof column[0] === 'number' ? `{${column.join(',')}}` : column
  })
}
