/** The commands on many networks at once. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import { isMatrixMetric, matrixMetrics, type MatrixMetric } from '../store/matrixMetrics.ts'
import type { SeriesCreateOptions } from './commands/createSeries.ts'
import { example, onAtlas } from './define.ts'
import { parseMember, type Member } from './options.ts'

/** Adds the commands on many networks. */
export function defineModels(program: Command): void {
  program.commandsGroup('Many networks:')
  defineSeries(program)
  defineMatrix(program)
}

function defineSeries(program: Command): void {
  program
    .command('series')
    .description('make a series of the checkpoints of one training (series create <name> <members...>)')
    .helpCommand(false)
    .command('create')
    .description('make a series of networks with the same layers')
    .argument('<name>', 'name of the series')
    .argument<Member[]>('<members...>', 'networks by rising step: <network>@<step>', parseMember)
    .option('--description <text>', 'what the series is')
    .addHelpText('after', example('atlas series create run-1 untrained@0 half@500 trained@1000'))
    .action((name: string, members: Member[], options: SeriesCreateOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/createSeries.ts')).createSeriesCommand(cli, name, members, options),
      ),
    )
}

function defineMatrix(program: Command): void {
  program
    .command('matrix')
    .description('show one metric of the comparisons of all pairs of partitions')
    .argument('<partitions...>', 'paths of 2 to 64 partitions of one dataset')
    .addOption(
      new Option('--metric <metric>', `one of ${Object.keys(matrixMetrics).map(spelled).join(', ')}`)
        .argParser(parseMetric)
        .default('ADJUSTED_MUTUAL_INFORMATION', 'adjusted-mutual-information'),
    )
    .addHelpText('after', example('atlas matrix mnist-a/2@mnist mnist-b/2@mnist --metric hamming-kernel-cka'))
    .action((paths: string[], options: { metric: MatrixMetric }) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/matrix.ts')).matrixCommand(cli, paths, options.metric),
      ),
    )
}

/** ADJUSTED_RAND_INDEX as people type it: adjusted-rand-index */
function spelled(metric: string): string {
  return metric.toLowerCase().replaceAll('_', '-')
}

function parseMetric(text: string): MatrixMetric {
  const metric = text.toUpperCase().replaceAll('-', '_')
  if (isMatrixMetric(metric)) return metric
  throw new InvalidArgumentError(`Give one of ${Object.keys(matrixMetrics).map(spelled).join(', ')}.`)
}
