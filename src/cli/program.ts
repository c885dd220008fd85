/** Every command with its arguments and options; what a command does is loaded when it is called. */
import { Command, Option } from 'commander'
import type { DatasetImportOptions } from './commands/importDataset.ts'
import type { NetworkImportOptions } from './commands/importNetwork.ts'
import type { ClusterOptions } from './commands/cluster.ts'
import type { DirectionsOptions } from './commands/directions.ts'
import type { ExportOptions } from './exportFiles.ts'
import type { ListOptions } from './commands/list.ts'
import type { MapOptions } from './commands/map.ts'
import type { NeighborsOptions } from './commands/neighbors.ts'
import type { PartitionOptions } from './commands/partition.ts'
import type { QueryOptions } from './commands/query.ts'
import type { ServeCommandOptions } from './commands/serve.ts'
import { detach, example, layers, onAtlas, onSettings } from './define.ts'
import { defineGeometry } from './defineGeometry.ts'
import { defineKeys } from './defineKeys.ts'
import { defineModels } from './defineModels.ts'
import { defineScale } from './defineScale.ts'
import { defineUpkeep } from './defineUpkeep.ts'
import { parseCount, parseNames, parsePosition, parseScale, parseSeed, parseShape } from './options.ts'
import { packageVersion } from './version.ts'

const EXAMPLES = `
A first session:
  $ atlas import network model.onnx --name mnist-a
  $ atlas import dataset t10k-images.gz --labels t10k-labels.gz --name mnist
  $ atlas partition mnist-a mnist --layers 1..3
  $ atlas show mnist-a/1..3@mnist

Paths: mnist-a (network, dataset or series), mnist-a/2 (layer), mnist/17 (input), mnist-a/1..3@mnist (partition),
mnist-a/1..3@mnist/<32 hex digits> (region), mnist-a/1..3@mnist/segments:2000:1 (segment set),
mnist-a/1..3@mnist/clusters:hamming:5:5 (clustering), mnist-a/1..3@mnist/clusters:hamming:5:5/0 (cluster),
mnist-a/1..3@mnist/directions:32:1 (direction set), mnist-a/1..3@mnist/map:15:1 (map),
acas/0..5@box:<16 hex digits> (complex).

The atlas is the one of DATABASE_URL, else the embedded one of ATLAS_HOME, which is started where none runs.
Exit codes: 0 done, 1 an error that its message tells how to mend, 2 wrong usage, 70 a bug, 130 Ctrl-C.`

/** The `atlas` command. Throws CommanderError instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('atlas')
    .description('Explore the polytopes that ReLU-like networks cut their input space into.')
    .version(packageVersion(), '--version', 'print the version')
    .option('--json', 'answer with one JSON document on stdout, show no progress')
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .exitOverride()
    .addHelpText('after', EXAMPLES)
  defineImports(program)
  defineComputations(program)
  defineModels(program)
  defineGeometry(program)
  defineReading(program)
  defineManagement(program)
  defineUpkeep(program)
  defineProcesses(program)
  return program
}

function defineImports(program: Command): void {
  program.commandsGroup('Bring in:')
  const imports = program
    .command('import')
    .description('import a network (import network <file>) or a dataset (import dataset <file>)')
    .helpCommand(false)
  imports
    .command('network')
    .description('import a network from an ONNX file')
    .argument('<file>', 'ONNX file, its weights inside')
    .option('--name <name>', 'name of the network (default: from the file name)')
    .option('--description <text>', 'what the network is')
    .option('--tag <tag...>', 'tags to find it by')
    .addHelpText('after', example('atlas import network model.onnx --name mnist-a --tag mnist seed-1'))
    .action((file: string, options: NetworkImportOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/importNetwork.ts')).importNetworkCommand(cli, file, options),
      ),
    )
  imports
    .command('dataset')
    .description(
      'import a dataset from NPY, NPZ, IDX or CSV (also .gz), or a folder of images in class folders',
    )
    .argument('<file>', 'file or folder')
    .option('--labels <file>', 'labels in a file of their own (NPY, NPZ, IDX or CSV)')
    .option('--name <name>', 'name of the dataset (default: from the file name)')
    .addOption(
      new Option('--class-names <a,b,c>', 'names of the classes, in label order').argParser(parseNames),
    )
    .addOption(
      new Option('--shape <1x28x28>', 'shape of one sample, where the file does not say').argParser(
        parseShape,
      ),
    )
    .addOption(
      new Option('--scale <x>', 'value = raw value * x (default: 1/255 for bytes, else 1)').argParser(
        parseScale,
      ),
    )
    .option(
      '--vocabulary <file>',
      'strings of the token ids that samples hold: vocab.json, vocab.txt, tokenizer.json',
    )
    .option('--label-column <c>', 'CSV: column of the labels by name or index from 0, or first, last, none')
    .addHelpText('after', example('atlas import dataset t10k-images.gz --labels t10k-labels.gz --name mnist'))
    .action((file: string, options: DatasetImportOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/importDataset.ts')).importDatasetCommand(cli, file, options),
      ),
    )
}

/** An option that filters positions, each of which then has a code. */
function positions(flags: string, what: string, parse: (text: string) => number): Option {
  return new Option(flags, `one code for each of ${what}`).argParser(parse).implies({ perPosition: true })
}

function defineComputations(program: Command): void {
  program.commandsGroup('Compute:')
  program
    .command('partition')
    .description('cut a dataset into the polytopes of a network')
    .argument('<network>', 'name of the network')
    .argument('<dataset>', 'name of the dataset')
    .addOption(layers())
    .option('--per-position', 'one code for each position rather than one for each input')
    .addOption(
      positions('--at <position>', 'this position alone', parsePosition).conflicts(['skip', 'every']),
    )
    .addOption(positions('--skip <count>', 'all positions but the first so many', parsePosition))
    .addOption(positions('--every <n>', 'every n-th position', parseCount))
    .addOption(detach())
    .addHelpText('after', example('atlas partition mnist-a mnist --layers 1..3'))
    .action((network: string, dataset: string, options: PartitionOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/partition.ts')).partitionCommand(cli, network, dataset, options),
      ),
    )
  program
    .command('neighbors')
    .description('find the nearest regions of every region by Hamming distance')
    .argument('<partition>', 'path of a computed partition')
    .addOption(new Option('-k <count>', 'neighbours of each region').argParser(parseCount).default(16))
    .addOption(detach())
    .addHelpText('after', example('atlas neighbors mnist-a/1..3@mnist -k 16'))
    .action((path: string, options: NeighborsOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/neighbors.ts')).neighborsCommand(cli, path, options),
      ),
    )
  defineCluster(program)
  defineDirections(program)
  defineMap(program)
  program
    .command('compare')
    .description('compare two partitions of one dataset')
    .argument('<a>', 'path of a computed partition')
    .argument('<b>', 'path of another')
    .addOption(detach())
    .addHelpText('after', example('atlas compare mnist-a/1..3@mnist mnist-b/1..3@mnist'))
    .action((a: string, b: string, options: { detach?: boolean }) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/compare.ts')).compareCommand(cli, a, b, options),
      ),
    )
}

function defineCluster(program: Command): void {
  program
    .command('cluster')
    .description('find groups of near regions of a partition (HDBSCAN)')
    .argument('<partition>', 'path of a computed partition')
    .addOption(
      new Option('--metric <metric>', 'distance of two regions: of their codes, or of their mean activations')
        .choices(['hamming', 'jaccard', 'euclidean'])
        .default('hamming'),
    )
    .addOption(
      new Option('--min-cluster-size <count>', 'regions of a cluster at least')
        .argParser(parseCount)
        .default(5),
    )
    .addOption(
      new Option(
        '--min-samples <count>',
        'regions that make a neighbourhood dense (default: as --min-cluster-size)',
      ).argParser(parseCount),
    )
    .addOption(detach())
    .addHelpText('after', example('atlas cluster mnist-a/2..2@mnist'))
    .action((path: string, options: ClusterOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/cluster.ts')).clusterCommand(cli, path, options),
      ),
    )
}

function defineDirections(program: Command): void {
  program
    .command('directions')
    .description(
      'find principal components and other directions, and how mixed they are beside regions and clusters',
    )
    .argument('<partition>', 'path of a computed partition')
    .addOption(
      new Option(
        '--components <count>',
        'principal components, and non-negative factors (default: 32, or the dimensions)',
      ).argParser(parseCount),
    )
    .addOption(
      new Option('--seed <seed>', "of the factors' start and of the random sets")
        .argParser(parseSeed)
        .default(1),
    )
    .option('--control <partition>', 'show the same of another partition: that of the untrained network')
    .addOption(detach())
    .addHelpText('after', example('atlas directions mnist-a/0..2@mnist --control mnist-a-step-0/0..2@mnist'))
    .action((path: string, options: DirectionsOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/directions.ts')).directionsCommand(cli, path, options),
      ),
    )
}

function defineMap(program: Command): void {
  program
    .command('map')
    .description('place the regions of a partition in the plane, near ones together (UMAP)')
    .argument('<partition>', 'path of a computed partition')
    .addOption(
      new Option('--neighbors <count>', 'nearest regions of each that it is drawn near to, 2 to 100')
        .argParser(parseCount)
        .default(15),
    )
    .addOption(new Option('--seed <seed>', 'of all that is random').argParser(parseSeed).default(1))
    .addOption(detach())
    .addHelpText('after', example('atlas map mnist-a/2..2@mnist'))
    .action((path: string, options: MapOptions) =>
      onAtlas(program, async (cli) => (await import('./commands/map.ts')).mapCommand(cli, path, options)),
    )
}

function defineReading(program: Command): void {
  program.commandsGroup('Look:')
  program
    .command('list')
    .description('list what the atlas holds')
    .argument('[what]', 'networks, datasets, series, partitions or jobs (default: all)')
    .addOption(new Option('--first <count>', 'rows of each list at most').argParser(parseCount).default(50))
    .addHelpText('after', example('atlas list partitions'))
    .action((what: string | undefined, options: ListOptions) =>
      onAtlas(program, async (cli) => (await import('./commands/list.ts')).listCommand(cli, what, options)),
    )
  program
    .command('show')
    .description(
      'show a network, layer, dataset, input, series, partition, region, clustering, direction set, map, segment set or complex',
    )
    .argument('<path>', 'path of the entity')
    .addHelpText('after', example('atlas show mnist/17'))
    .action((path: string) =>
      onAtlas(program, async (cli) => (await import('./commands/show.ts')).showCommand(cli, path)),
    )
  program
    .command('query')
    .description('run a GraphQL query, on the running server where there is one')
    .argument('<file>', 'GraphQL file; - reads standard input')
    .option('--variables <json>', 'variables as JSON, or @file')
    .addHelpText('after', example(`echo '{ networks { nodes { name } } }' | atlas query -`))
    .action((file: string, options: QueryOptions) =>
      onSettings(program, async (cli) =>
        (await import('./commands/query.ts')).queryCommand(cli, file, options),
      ),
    )
  program
    .command('export')
    .description('write a partition (regions, memberships), a clustering or a segment set to files')
    .argument('<path>', 'path of a computed partition or segment set')
    .addOption(
      new Option('--format <format>', 'of the files').choices(['ndjson', 'csv', 'parquet']).default('ndjson'),
    )
    .option('--out <prefix>', 'begin of both file names (default: from the path)')
    .addHelpText('after', example('atlas export mnist-a/1..3@mnist --format parquet --out mnist-a'))
    .action((path: string, options: ExportOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/export.ts')).exportCommand(cli, path, options),
      ),
    )
}

function defineManagement(program: Command): void {
  program.commandsGroup('Manage:')
  program
    .command('cancel')
    .description('cancel a job')
    .argument('<job>', 'id of the job, as `atlas list jobs` shows it')
    .action((id: string) =>
      onAtlas(program, async (cli) => (await import('./commands/cancel.ts')).cancelCommand(cli, id)),
    )
  program
    .command('delete')
    .description('delete a network or a dataset and all that was computed from it, or a series alone')
    .argument('<path>', 'name of the network, dataset or series')
    .option('--yes', 'do not ask')
    .addHelpText('after', example('atlas delete mnist-a --yes'))
    .action((path: string, options: { yes?: boolean }) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/delete.ts')).deleteCommand(cli, path, options),
      ),
    )
  defineKeys(program)
  defineScale(program)
}

function defineProcesses(program: Command): void {
  program.commandsGroup('Run:')
  program
    .command('doctor')
    .description('say what the atlas runs on, and what is amiss')
    .action(() =>
      onSettings(program, async (cli) => (await import('./commands/doctor.ts')).doctorCommand(cli)),
    )
  program
    .command('serve')
    .description('start everything, as `npm start` does')
    .addOption(
      new Option('--sample <size>', 'MNIST images of the sample atlas: 10,000, all 70,000 or none')
        .choices(['test', 'all', 'none'])
        .default('test'),
    )
    .option('--no-worker', 'leave the work to workers elsewhere')
    .action((options: ServeCommandOptions) =>
      onSettings(program, async (cli) => (await import('./commands/serve.ts')).serveCommand(cli, options)),
    )
  program
    .command('worker')
    .description('start a worker that takes jobs until it is stopped')
    .action(() => onAtlas(program, async (cli) => (await import('./commands/worker.ts')).workerCommand(cli)))
}
