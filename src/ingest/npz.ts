import { basename } from 'node:path'
import { AtlasError } from '../../compute/errors.ts'
import { openNpy } from './npy.ts'
import type { NumberArray } from './numberArray.ts'
import { zipSources } from './zip.ts'

/** A data word, or a label word, within a name such as `x_test`, `test_images`, `Y`. */
const DATA_WORD = /(?<=^|_)(?:x|data|images?|inputs?|features?)(?=_|$)/i
const LABEL_WORD = /(?<=^|_)(?:y|labels?|targets?|class|classes)(?=_|$)/i

type NamedArray = readonly [name: string, array: NumberArray]

/**
 * Opens an NPZ file and chooses its data and, if asked for, its labels.
 * Data: the array called `arrayName`; without a name the only array of two or more axes that is not named like
 * labels, or among several the only one named like data (`x`, `data`, `images`, `x_test`, …).
 * Labels: the array named like the data with a label word in place of the data word (`x_test` → `y_test`), else
 * the array named by a label word alone, else the only array of whole numbers with one axis, as long as the data.
 * Throws AMBIGUOUS_ARRAYS and UNKNOWN_ARRAY with the names, MALFORMED_NPZ, MALFORMED_NPY, TRUNCATED_FILE.
 */
export async function openNpz(
  path: string,
  arrayName: string | null,
  withLabels: boolean,
): Promise<{ data: NumberArray; labels: NumberArray | null }> {
  const arrays = await readArrays(path)
  const data = arrayName === null ? chooseData(path, arrays) : findArray(path, arrays, arrayName)
  const labels = withLabels ? chooseLabels(path, arrays, data) : null
  return { data: data[1], labels: labels && labels[1] }
}

/** Opens one array of an NPZ file: that called `arrayName`, or its only one. Throws as `openNpz`. */
export async function openNpzArray(path: string, arrayName: string | null): Promise<NumberArray> {
  const arrays = await readArrays(path)
  if (arrayName !== null) return findArray(path, arrays, arrayName)[1]
  if (arrays.length !== 1) throw ambiguous(path, arrays, 'several arrays may be the labels')
  return arrays[0][1]
}

async function readArrays(path: string): Promise<NamedArray[]> {
  const arrays: NamedArray[] = []
  for (const [name, source] of await zipSources(path))
    if (name.endsWith('.npy')) arrays.push([name.slice(0, -'.npy'.length), await openNpy(source)])
  if (arrays.length === 0)
    throw new AtlasError('MALFORMED_NPZ', `"${basename(path)}" is a zip file without any .npy array in it.`)
  return arrays
}

function findArray(path: string, arrays: readonly NamedArray[], name: string): NamedArray {
  const found = arrays.find(([arrayName]) => arrayName === name)
  if (found) return found
  const message = `"${basename(path)}" has no array "${name}"; it has ${namesOf(arrays)}.`
  throw new AtlasError('UNKNOWN_ARRAY', message)
}

function chooseData(path: string, arrays: readonly NamedArray[]): NamedArray {
  const candidates = arrays.filter(([name, { shape }]) => shape.length >= 2 && !LABEL_WORD.test(name))
  if (candidates.length === 1) return candidates[0]
  const named = candidates.filter(([name]) => DATA_WORD.test(name))
  if (named.length === 1) return named[0]
  if (candidates.length === 0) throw ambiguous(path, arrays, 'no array of two or more axes holds the samples')
  throw ambiguous(path, candidates, 'several arrays may be the samples')
}

function chooseLabels(path: string, arrays: readonly NamedArray[], data: NamedArray): NamedArray | null {
  const others = arrays.filter((array) => array !== data)
  for (const pattern of [patternOf(data[0], DATA_WORD), '*']) {
    const named = others.filter(([name]) => LABEL_WORD.test(name) && patternOf(name, LABEL_WORD) === pattern)
    if (named.length > 1) throw ambiguous(path, named, 'several arrays may be the labels')
    if (named.length === 1) return named[0]
  }
  const fitting = others.filter(
    ([, { shape, type }]) => type.isInteger && shape.length === 1 && shape[0] === data[1].shape[0],
  )
  return fitting.length === 1 ? fitting[0] : null
}

/** What is around the word: data and labels that belong together have the same. */
function patternOf(name: string, word: RegExp): string {
  return name.replace(word, '*').toLowerCase()
}

function ambiguous(path: string, arrays: readonly NamedArray[], problem: string): AtlasError {
  const file = basename(path)
  const advice = `say which, such as ${file}#${arrays[0][0]}`
  return new AtlasError('AMBIGUOUS_ARRAYS', `In "${file}" ${problem}: ${namesOf(arrays)}; ${advice}.`)
}

function namesOf(arrays: readonly NamedArray[]): string {
  return arrays.map(([name, { shape }]) => `${name} (${shape.join(' × ')})`).join(', ')
}
