import type { Estimate } from '../../compute/compare/index.ts'

const DIGITS = 4
const READABLE = 1e-4

/** Four digits; thousands with commas; very small numbers with their power of ten. */
export function number(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US')
  const rounded = Number(value.toPrecision(DIGITS))
  if (Math.abs(rounded) < READABLE) return value.toExponential(1)
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 20, maximumSignificantDigits: DIGITS })
}

/** A share as per cent, with one decimal. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** A mean with its 95 % interval. */
export function intervalText({ mean, low, high }: Estimate): string {
  return `${number(mean)} (${number(low)} to ${number(high)})`
}
