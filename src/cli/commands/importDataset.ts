import { importDatasetFrom } from '../../jobs/importDataset.ts'
import { checkNameFree } from '../../store/names.ts'
import { checkName } from '../../store/path.ts'
import { nameOfFile } from '../naming.ts'
import { findDataset } from '../resolve.ts'
import type { AtlasCli } from '../session.ts'
import { datasetAnswer } from '../show/dataset.ts'

export interface DatasetImportOptions {
  labels?: string
  name?: string
  classNames?: string[]
  shape?: number[]
  scale?: number
  labelColumn?: string
  vocabulary?: string
}

/** `atlas import dataset`: reads the files in this process; on failure or Ctrl-C nothing of them is stored. */
export async function importDatasetCommand(
  cli: AtlasCli,
  path: string,
  options: DatasetImportOptions,
): Promise<void> {
  const { db } = cli.atlas
  const name = checkName(options.name ?? nameOfFile(path))
  await checkNameFree(db, name)
  const { labels: labelsPath, vocabulary: vocabularyPath, classNames, shape, scale, labelColumn } = options
  const progress = cli.output.progress(`import ${name}`)
  try {
    const read = { labelsPath, vocabularyPath, classNames, shape, scale, labelColumn }
    await importDatasetFrom(db, name, path, read, (done, total) => {
      progress.update({ done, total })
      cli.signal.throwIfAborted()
    })
  } finally {
    progress.stop()
  }
  const answer = datasetAnswer(await findDataset(cli.loaders, name))
  cli.output.answer(answer.document, answer.text)
}
