import { classColor, parseHex, rampColor } from '../../../lib/colors.ts'
import { number } from '../../../lib/format.ts'
import { packColor } from './paint.ts'

/** What a colour means. */
export type Legend =
  { kind: 'classes'; labels: readonly number[] } | { kind: 'ramp'; low: string; high: string }

/** The colours of all regions, and what they mean. */
export interface Coloring {
  colors: Uint32Array
  legend: Legend
}

/** A colour for each class or cluster; -1, for none, is grey. */
export function byClass(values: Int32Array): Coloring {
  const known = new Map<number, number>()
  const colorOf = (value: number) => {
    const color = known.get(value) ?? packColor(parseHex(classColor(value)))
    known.set(value, color)
    return color
  }
  const colors = Uint32Array.from(values, colorOf)
  return { colors, legend: { kind: 'classes', labels: [...known.keys()].sort((a, b) => a - b) } }
}

/** Colours from dark for the least value to bright for the greatest. */
export function byNumber(
  values: ArrayLike<number>,
  spread: (value: number) => number = (value) => value,
): Coloring {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i]
    if (values[i] > high) high = values[i]
  }
  const [from, to] = [spread(low), spread(high)]
  const steps = Uint32Array.from({ length: STEPS }, (_, i) => packColor(parseHex(rampColor(i / (STEPS - 1)))))
  const step = (value: number) =>
    to > from ? Math.round(((spread(value) - from) / (to - from)) * (STEPS - 1)) : 0
  const colors = Uint32Array.from(values, (value) => steps[step(value)])
  return { colors, legend: { kind: 'ramp', low: number(low), high: number(high) } }
}

/** Colours of a ramp that are told apart. */
const STEPS = 256
