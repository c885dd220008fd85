import { AtlasError } from '../../compute/errors.ts'
import { sweep, type Direction, type Sweep } from '../jobs/direct/sweep.ts'
import type { Loaders } from '../store/loaders.ts'
import type { NetworkRow } from '../store/models.ts'
import type { Context } from './context.ts'
import type { DirectionInput, QuerySweepArgs } from './generated/types.ts'
import { networkOfName } from './lookup.ts'
import { readPoint } from './point.ts'
import { readClassDifference, readComponent } from './storedDirection.ts'

/** What the line of the arguments crosses. Throws what `sweep` and `readPoint` throw, UNKNOWN_NETWORK, UNKNOWN_DIRECTIONS, BAD_ARGUMENT. */
export async function readSweep(args: QuerySweepArgs, context: Context): Promise<Sweep> {
  const { loaders, networkFiles, signal } = context
  const network = await networkOfName(args.network, loaders)
  const layer = args.fromLayer ?? 0
  const [layers, at, along] = await Promise.all([
    loaders.layersOfNetwork.load([network.id]),
    readPoint('at', args.at, layer, loaders),
    readDirection(args.along, network, layer, loaders),
  ])
  const { from, to } = args
  const span = { layerCount: layers.length, fromLayer: args.fromLayer ?? null, toLayer: args.toLayer ?? null }
  return sweep(networkFiles, { network, at, along, from, to, ...span }, signal)
}

async function readDirection(
  { scale, coordinate, towards, values, random, component, classMeans }: DirectionInput,
  network: NetworkRow,
  layer: number,
  loaders: Loaders,
): Promise<Direction> {
  const given: Direction[] = []
  if (scale) given.push({ kind: 'SCALE' })
  if (coordinate != null) given.push({ kind: 'COORDINATE', index: coordinate })
  if (values != null) given.push({ kind: 'VALUES', values: Float64Array.from(values) })
  if (random != null) given.push({ kind: 'RANDOM', seed: random })
  if (towards != null)
    given.push({ kind: 'TOWARDS', point: await readPoint('along.towards', towards, layer, loaders) })
  if (component != null)
    given.push({ kind: 'VALUES', values: await readComponent(component, network, layer, loaders) })
  if (classMeans != null)
    given.push({ kind: 'VALUES', values: await readClassDifference(classMeans, network, layer, loaders) })
  if (given.length === 1) return given[0]
  throw new AtlasError(
    'BAD_ARGUMENT',
    '"along" needs exactly one of scale (true), coordinate, towards, values, random, component and classMeans, not ' +
      `${given.length} of them.`,
  )
}
