import { importNetwork } from '../../jobs/commands/importNetwork.ts'
import { createLoaders } from '../../store/loaders.ts'
import { deleteFile, storeFile } from '../../store/files.ts'
import { checkName } from '../../store/path.ts'
import { checkFile, nameOfFile } from '../naming.ts'
import { findNetwork } from '../resolve.ts'
import type { AtlasCli } from '../session.ts'
import { networkAnswer } from '../show/network.ts'

export interface NetworkImportOptions {
  name?: string
  description?: string
  tag?: string[]
}

/** `atlas import network`: on failure or Ctrl-C nothing of the file is stored. */
export async function importNetworkCommand(
  cli: AtlasCli,
  path: string,
  options: NetworkImportOptions,
): Promise<void> {
  const { db } = cli.atlas
  const name = checkName(options.name ?? nameOfFile(path))
  await checkFile(path)
  const file = await storeFile(db, path)
  try {
    const { description = '', tag: tags = [] } = options
    await importNetwork(db, { name, file, description, tags }, cli.signal)
  } catch (error) {
    await deleteFile(db, file)
    throw error
  }
  const loaders = createLoaders(db)
  const answer = await networkAnswer({ ...cli, loaders }, await findNetwork(loaders, name))
  cli.output.answer(answer.document, answer.text)
}
