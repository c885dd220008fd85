import { mkdtemp, rm } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { openDataset, type DatasetOptions } from '../ingest/index.ts'
import { createDataset } from '../store/createDataset.ts'
import type { Database } from '../store/database.ts'
import { deleteFile, readFileChunks } from '../store/files.ts'
import { findName } from '../store/names.ts'
import { defineTask, type JobContext } from './task.ts'

/**
 * Imports a dataset from a file or folder of this machine, all of it or nothing. Reports the samples read so
 * far and, where the format says, how many there are. Answers the dataset's id.
 */
export async function importDatasetFrom(
  db: Database,
  name: string,
  path: string,
  options: DatasetOptions,
  onProgress: (done: number, total: number | null) => void | Promise<void>,
): Promise<number> {
  const source = await openDataset(path, options)
  try {
    return await createDataset(db, name, source, (rows) => onProgress(rows, source.inputCount))
  } finally {
    await source.close()
  }
}

const payloadSchema = z.object({
  name: z.string(),
  file: z.string(),
  labels: z.string().nullable(),
  // Jobs that were queued before there were vocabularies name none.
  vocabulary: z.string().nullable().default(null),
  classNames: z.array(z.string()).nullable(),
  shape: z.array(z.int()).nullable(),
  scale: z.number().nullable(),
  labelColumn: z.string().nullable(),
})
type Payload = z.infer<typeof payloadSchema>

/** Imports a dataset from uploaded files, on whatever machine the worker runs. Counts samples. */
export const importDatasetTask = defineTask({
  kind: 'import-dataset',
  payload: payloadSchema,
  async run(context, payload) {
    const { db } = context
    // The attempt before may have been killed between its commit and here.
    if ((await findName(db, payload.name)) !== 'dataset') await importUploaded(context, payload)
    await deleteFile(db, payload.file)
    if (payload.labels) await deleteFile(db, payload.labels)
    if (payload.vocabulary) await deleteFile(db, payload.vocabulary)
  },
})

/** Reads uploaded files into a folder of this machine, for as long as the import takes. */
async function importUploaded({ db, progress }: JobContext, payload: Payload): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-import-'))
  try {
    const data = await download(db, payload.file, join(folder, 'data'))
    const fetch = (file: string | null, as: string) =>
      file ? download(db, file, join(folder, as)) : undefined
    const labelsPath = await fetch(payload.labels, 'labels')
    const vocabularyPath = await fetch(payload.vocabulary, 'vocabulary')
    const { classNames, shape, scale, labelColumn } = payload
    const options: DatasetOptions = {
      labelsPath,
      vocabularyPath,
      classNames: classNames ?? undefined,
      shape: shape ?? undefined,
      scale: scale ?? undefined,
      labelColumn: labelColumn ?? undefined,
    }
    await importDatasetFrom(db, payload.name, data, options, (done, total) => progress(done, total ?? done))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function download(db: Database, sha256: string, path: string): Promise<string> {
  await pipeline(readFileChunks(db, sha256), createWriteStream(path))
  return path
}
