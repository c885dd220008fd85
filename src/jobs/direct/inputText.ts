/** The tokens of samples that are sequences of token ids, as people read them. */
import { joinTokens, type TokenStyle } from '../../ingest/index.ts'
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
  const ids = [...inputValues(raw, dataset)]
  return Promise.all(ids.map((id) => readToken(loaders, dataset, id, tokenStyle)))
}

/**
 * The token of a stored sample at one of so many positions; null where the dataset has no vocabulary, and where the
 * sample has another number of tokens.
 */
export async function inputToken(
  loaders: Loaders,
  raw: Uint8Array,
  dataset: DatasetRow,
  { position, positions }: { position: number; positions: number },
): Promise<InputToken | null> {
  const ids = inputValues(raw, dataset)
  if (dataset.tokenStyle === null || ids.length !== positions) return null
  return readToken(loaders, dataset, ids[position], dataset.tokenStyle)
}

/** The text of a stored sample; null where the dataset has no vocabulary. */
export async function inputText(
  loaders: Loaders,
  raw: Uint8Array,
  dataset: DatasetRow,
): Promise<string | null> {
  if (dataset.tokenStyle === null) return null
  const ids = [...inputValues(raw, dataset)]
  const tokens = await Promise.all(ids.map((id) => readText(loaders, dataset, id)))
  return joinTokens(tokens, dataset.tokenStyle)
}

async function readToken(
  loaders: Loaders,
  dataset: DatasetRow,
  id: number,
  style: TokenStyle,
): Promise<InputToken> {
  return { index: id, text: joinTokens([await readText(loaders, dataset, id)], style) }
}

/** A token as the vocabulary writes it. */
async function readText(loaders: Loaders, { id: datasetId }: DatasetRow, id: number): Promise<string> {
  return existing(await loaders.token.load([datasetId, id])).text
}
