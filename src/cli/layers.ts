import { InvalidArgumentError } from 'commander'

/** A span of layers as the user gave it; `all` is the whole network. */
export type Span = { from: number; to: number } | 'all'

/** Reads `1..3`, `2` or `all`. Throws commander's InvalidArgumentError. */
export function parseSpan(text: string): Span {
  if (text === 'all') return 'all'
  const match = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text)
  if (!match) throw new InvalidArgumentError('Give the layers as 1..3, as 2 or as all.')
  return { from: Number(match[1]), to: Number(match[2] ?? match[1]) }
}
