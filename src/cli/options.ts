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

/** A position of an input, from 0, or how many of them. */
export function parsePosition(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number from 0.')
}

/** `-0.5` or `0,0,-1.5` */
export function parseNumbers(text: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (values.every(Number.isFinite)) return values
  throw new InvalidArgumentError('Give numbers with commas between them, as 0,0,-1.5, or one for all axes.')
}

/** Index of a layer. */
export function parseLayer(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give the index of a layer, from 0 on.')
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

/** `0,1` */
export function parseBox(text: string): [lower: number, upper: number] {
  const [lower, upper, ...others] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (others.length === 0 && Number.isFinite(lower) && Number.isFinite(upper) && lower < upper)
    return [lower, upper]
  throw new InvalidArgumentError('Give the least and the greatest value of every axis as 0,1.')
}

/** A network of a series. */
export interface Member {
  network: string
  step: number
}

/** `mnist-a-step-30@30`, behind the ones before. */
export function parseMember(text: string, before: readonly Member[] = []): Member[] {
  const [, network, step] = /^([^@]+)@(\d{1,10})$/.exec(text) ?? []
  if (step !== undefined && Number(step) < 2 ** 31) return [...before, { network, step: Number(step) }]
  throw new InvalidArgumentError('Give networks with their steps as trained@1000.')
}
