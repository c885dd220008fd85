/** Readers of option values; all throw commander's InvalidArgumentError, which ends with exit code 2. */
import { InvalidArgumentError } from 'commander'

/** A whole number of at least 1. */
export function parseCount(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= 2 ** 31 - 1) return value
  throw new InvalidArgumentError('Give a whole number of at least 1.')
}

/** A whole number from 0. */
export function parseSeed(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value < 2 ** 31) return value
  throw new InvalidArgumentError('Give a whole number from 0 to 2,147,483,647.')
}

/** A number that is not zero. */
export function parseScale(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value !== 0) return value
  throw new InvalidArgumentError('Give a number other than 0, for example 0.00392157.')
}

/** `1x28x28` */
export function parseShape(text: string): number[] {
  if (!/^[1-9]\d{0,8}(x[1-9]\d{0,8})*$/.test(text))
    throw new InvalidArgumentError('Give the shape of one sample as 1x28x28.')
  return text.split('x').map(Number)
}

/** `cat,dog` */
export function parseNames(text: string): string[] {
  return text.split(',').map((name) => name.trim())
}
