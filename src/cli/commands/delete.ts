import { createInterface } from 'node:readline/promises'
import { AtlasError } from '../../../compute/errors.ts'
import { deleteDataset, deleteNetwork, deleteSeries } from '../../store/deleteEntity.ts'
import { findName } from '../../store/names.ts'
import { parsePath } from '../../store/path.ts'
import { Interrupted } from '../failure.ts'
import type { AtlasCli } from '../session.ts'

/** `atlas delete`: asks first, unless told not to. */
export async function deleteCommand(cli: AtlasCli, path: string, { yes }: { yes?: boolean }): Promise<void> {
  const { db } = cli.atlas
  const parsed = parsePath(path)
  if (parsed.kind !== 'named')
    throw new AtlasError(
      'BAD_PATH',
      `"${path}" cannot be deleted alone: give the name of a network, dataset or series.`,
    )
  const kind = await findName(db, parsed.name)
  if (kind === null)
    throw new AtlasError(
      'UNKNOWN_PATH',
      `There is no network, dataset or series "${parsed.name}": nothing was deleted.`,
    )
  const extent = kind === 'series' ? 'but not its networks' : 'and everything computed from it'
  if (!yes) await confirm(cli, `Delete the ${kind} "${parsed.name}" ${extent}?`)
  const { name } = await deleters[kind](db, parsed.name)
  cli.output.answer({ deleted: { kind, name } }, `Deleted the ${kind} "${name}".`)
}

const deleters = { network: deleteNetwork, dataset: deleteDataset, series: deleteSeries }

async function confirm(cli: AtlasCli, question: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new AtlasError('CONFIRMATION_NEEDED', 'Deleting asks first, and nobody can answer here: add --yes.')
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  prompt.on('SIGINT', () => process.emit('SIGINT'))
  try {
    const answer = await prompt.question(`${question} [y/N] `, { signal: cli.signal })
    if (!/^y(es)?$/i.test(answer.trim())) throw new AtlasError('NOT_CONFIRMED', 'Nothing was deleted.')
  } catch (error) {
    throw cli.signal.aborted ? new Interrupted() : error
  } finally {
    prompt.close()
  }
}
