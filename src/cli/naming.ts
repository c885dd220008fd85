import { basename } from 'node:path'
import { stat } from 'node:fs/promises'
import { AtlasError } from '../../compute/errors.ts'

/** A name for what a file holds: `Data/MNIST Net.onnx` -> `mnist-net`. Empty where nothing usable is left. */
export function nameOfFile(path: string): string {
  return basename(path)
    .replace(/\.gz$/i, '')
    .replace(/\.(onnx|npy|npz|csv|tsv|idx)$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 63)
}

/** Throws NO_SUCH_FILE, and NOT_A_FILE for a folder where only a file will do. */
export async function checkSource(path: string, kind: 'file' | 'file or folder'): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found === null)
    throw new AtlasError(
      'NO_SUCH_FILE',
      `There is no ${kind} "${path}", or it cannot be read: check the path.`,
    )
  if (kind === 'file' && !found.isFile())
    throw new AtlasError('NOT_A_FILE', `"${path}" is no file: give the path of a file.`)
}
