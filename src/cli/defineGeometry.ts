/** The commands of the exact geometry. */
import { Option, type Command } from 'commander'
import type { EnumerateOptions } from './commands/enumerate.ts'
import type { FacetsOptions } from './commands/facets.ts'
import type { SegmentsOptions } from './commands/segments.ts'
import { detach, example, layers, onAtlas } from './define.ts'
import { parseBox, parseCount, parseLayer, parseNumbers, parseSeed } from './options.ts'

/** Adds the commands of the exact geometry. */
export function defineGeometry(program: Command): void {
  program.commandsGroup('Geometry:')
  defineFacets(program)
  defineEnumerate(program)
  defineSegments(program)
}

function defineFacets(program: Command): void {
  program
    .command('facets')
    .description("find the faces of a region's polytope, or of a partition's biggest regions")
    .argument('<path>', 'path of a region, or of a computed partition')
    .addOption(
      new Option('--limit <count>', 'regions of the partition, the biggest first (default: all)').argParser(
        parseCount,
      ),
    )
    .addOption(
      new Option('--box <lower,upper>', 'cut the polytopes off at these values of every axis').argParser(
        parseBox,
      ),
    )
    .addOption(detach())
    .addHelpText('after', example('atlas facets mnist-a/1..3@mnist --limit 100'))
    .action((path: string, options: FacetsOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/facets.ts')).facetsCommand(cli, path, options),
      ),
    )
}

function defineEnumerate(program: Command): void {
  program
    .command('enumerate')
    .description('find all regions of a network in a box of its input space, with data in them or not')
    .argument('<network>', 'name of a network with up to 16 inputs')
    .addOption(
      new Option('--lower <values>', 'least value of each axis, or one for all')
        .argParser(parseNumbers)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--upper <values>', 'greatest value of each axis, or one for all')
        .argParser(parseNumbers)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--to-layer <index>', 'last layer that cuts (default: the last of all)').argParser(
        parseLayer,
      ),
    )
    .addOption(new Option('--limit <count>', 'regions at most').argParser(parseCount).default(10_000))
    .addOption(detach())
    .addHelpText('after', example('atlas enumerate acas --lower -0.05 --upper 0.05 --limit 100000'))
    .action((network: string, options: EnumerateOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/enumerate.ts')).enumerateCommand(cli, network, options),
      ),
    )
}

function defineSegments(program: Command): void {
  program
    .command('segments')
    .description('count the polytopes on the lines between pairs of inputs, within and between classes')
    .argument('<network>', 'name of the network')
    .argument('<dataset>', 'name of the dataset')
    .addOption(layers())
    .addOption(
      new Option('--pairs <count>', 'pairs at most: drawn where there are more')
        .argParser(parseCount)
        .default(2000),
    )
    .addOption(
      new Option('--seed <seed>', 'of the draw and of the intervals').argParser(parseSeed).default(1),
    )
    .addOption(detach())
    .addHelpText('after', example('atlas segments mnist-a mnist --layers 0..2 --pairs 2000'))
    .action((network: string, dataset: string, options: SegmentsOptions) =>
      onAtlas(program, async (cli) =>
        (await import('./commands/segments.ts')).segmentsCommand(cli, network, dataset, options),
      ),
    )
}
