/** The tokens of samples that are sequences of token ids, as people read them. */
import { joinTokens } from '../../ingest/index.ts'
import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { DatasetRow } from '../../store/models.ts'
import { inputValues } from './inputValues.ts'

/** A token of a sample. */
export interface InputToken {
  /** Its number in the vocabulary. */
  index: number
  /** What it adds to the text. */
  text: string
}

/** The tokens of a stored sample, in order; null where the dataset has no vocabulary. */
export async function inputTokens(
  loaders: Loaders,
  raw: Uint8Array,
  dataset: DatasetRow,
): Promise<InputToken[] | null> {
  const { tokenStyle } = dataset
  if (tokenStyle === null) return null
  const tokens = await readTokens(loaders, raw, dataset)
  return tokens.map(({ id, text }) => ({ index: id, text: joinTokens([text], tokenStyle) }))
}

/** The text of a stored sample; null where the dataset has no vocabulary. */
export async function inputText(
  loaders: Loaders,
  raw: Uint8Array,
  dataset: DatasetRow,
): Promise<string | null> {
  if (dataset.tokenStyle === null) return null
  const tokens = await readTokens(loaders, raw, dataset)
  return joinTokens(
    tokens.map(({ text }) => text),
    dataset.tokenStyle,
  )
}

async function readTokens(loaders: Loaders, raw: Uint8Array, dataset: DatasetRow) {
  const ids = [...inputValues(raw, dataset)]
  const tokens = await Promise.all(ids.map((id) => loaders.token.load([dataset.id, id])))
  return tokens.map(existing)
}
