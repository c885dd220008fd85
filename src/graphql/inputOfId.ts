import { AtlasError } from '../../compute/errors.ts'
import type { Loaders } from '../store/loaders.ts'
import type { InputRow } from '../store/models.ts'
import { parsePath } from '../store/path.ts'
import { idTypes, parseGlobalId } from './globalId.ts'

/** The input with a global id, or with a path. Throws BAD_ID, BAD_PATH, UNKNOWN_INPUT. */
export async function inputOfId(id: string, loaders: Loaders): Promise<InputRow> {
  const input = await loaders.input.load(await placeOfInput(id, loaders))
  if (input) return input
  throw unknownInput(id)
}

/** Dataset and index of an input, by its global id or its path. Throws BAD_ID, BAD_PATH, UNKNOWN_INPUT. */
export async function placeOfInput(id: string, loaders: Loaders): Promise<[number, number]> {
  if (!id.includes('/')) return parseGlobalId(id, idTypes.Input)
  const key = parsePath(id)
  const dataset = key.kind === 'indexed' ? await loaders.datasetByName.load([key.name]) : null
  if (key.kind !== 'indexed' || !dataset) throw unknownInput(id)
  return [dataset.id, key.index]
}

/** Says that there is no such input. */
export function unknownInput(id: string): AtlasError {
  return new AtlasError(
    'UNKNOWN_INPUT',
    `There is no input "${id}": give the id of an input, or its path, such as mnist/17.`,
  )
}
