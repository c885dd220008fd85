import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AtlasError } from '../../compute/errors.ts'

const IMAGE = /\.(?:png|jpe?g)$/i

/** The image files of a folder, in order. */
export interface ImageFolder {
  /** Paths under the folder, one sample each. */
  files: string[]
  /** Class of each file; null for a flat folder. */
  labels: Int32Array | null
  /** Names of the class folders, sorted; null for a flat folder. */
  classNames: string[] | null
}

/**
 * Lists the .png, .jpg and .jpeg files of a folder of class folders, or of a flat folder, in the order of their
 * names (by UTF-16 code units, whatever the machine's language). Other files and hidden folders are left out.
 * Throws EMPTY_DATASET, and UNKNOWN_FORMAT for a folder that is both.
 */
export async function scanImageFolder(path: string): Promise<ImageFolder> {
  const { images, folders } = await listFolder(path)
  if (images.length > 0) {
    if (folders.length > 0)
      throw new AtlasError(
        'UNKNOWN_FORMAT',
        `"${basename(path)}" holds images beside folders: keep all images in class folders, or none.`,
      )
    return { files: images, labels: null, classNames: null }
  }
  const files: string[] = []
  const labels: number[] = []
  for (const [label, folder] of folders.entries()) {
    for (const image of (await listFolder(join(path, folder))).images) {
      files.push(join(folder, image))
      labels.push(label)
    }
  }
  if (files.length === 0)
    throw new AtlasError(
      'EMPTY_DATASET',
      `"${basename(path)}" holds no .png or .jpg file, neither itself nor in a class folder directly under it.`,
    )
  return { files, labels: Int32Array.from(labels), classNames: folders }
}

async function listFolder(path: string): Promise<{ images: string[]; folders: string[] }> {
  const images: string[] = []
  const folders: string[] = []
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    if (await isFolder(path, entry)) folders.push(entry.name)
    else if (IMAGE.test(entry.name)) images.push(entry.name)
  }
  return { images: images.sort(), folders: folders.sort() }
}

async function isFolder(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  const target = await stat(join(path, entry.name)).catch(() => null)
  return target?.isDirectory() ?? false
}
