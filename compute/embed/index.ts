/** Maps of codes: UMAP of their Hamming distances. */
export { embedCodes } from './embedCodes.ts'
export type { EmbedInput, EmbedOptions } from './types.ts'
