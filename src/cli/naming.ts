import { basename } from 'node:path'
import { stat } from 'node:fs/promises'
import { AtlasError } from '../../compute/errors.ts'

/**
 * A name for what a file holds: `Data/MNIST Net.onnx` -> `mnist-net`, `digits.npz#x_test` -> `digits`. Empty where
 * nothing usable is left.
 */
export function nameOfFile(path: string): string {
  return basename(path)
    .replace(/(\.npz)#.*$/i, '$1')
    .replace(/\.gz$/i, '')
    .replace(/\.(onnx|npy|npz|csv|tsv|idx)$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 63)
}

/** Throws FILE_NOT_FOUND, and NOT_A_FILE for a folder. */
export async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found === null)
    throw new AtlasError(
      'FILE_NOT_FOUND',
      `There is no file "${path}", or it cannot be read: check the path.`,
    )
  if (!found.isFile()) throw new AtlasError('NOT_A_FILE', `"${path}" is no file: give the path of a file.`)
}
