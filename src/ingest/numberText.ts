/** A finite decimal number. Number() alone would also take an empty text and 0x10. */
export const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

const NON_FINITE = /^[+-]?(?:nan|inf|infinity)$/i

/** The number that a text says, NaN for every spelling of NaN and infinity, null for other text. */
export function parseNumber(text: string): number | null {
  if (NUMBER.test(text)) return Number(text)
  return NON_FINITE.test(text) ? NaN : null
}
