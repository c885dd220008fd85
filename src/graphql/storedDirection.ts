/** Stored directions that an argument names. */
import { AtlasError } from '../../compute/errors.ts'
import { floatsOf } from '../store/encoding.ts'
import type { Loaders } from '../store/loaders.ts'
import type { DirectionKind, DirectionSetRow, NetworkRow } from '../store/models.ts'
import { partitionTuple } from '../store/partitions.ts'
import { parsePath } from '../store/path.ts'
import type { ClassMeansInput, ComponentInput } from './generated/types.ts'
import { idTypes, parseGlobalId } from './globalId.ts'
import { layerOf, partitionOf } from './lookup.ts'

/**
 * A component as a direction before a layer of a network.
 * @throws AtlasError BAD_ID, BAD_PATH, UNKNOWN_DIRECTIONS, BAD_ARGUMENT (of another space, or no such component)
 */
export async function readComponent(
  { directions, kind, index }: ComponentInput,
  network: NetworkRow,
  layer: number,
  loaders: Loaders,
): Promise<Float64Array> {
  const set = await directionSetBefore(directions, network, layer, loaders)
  if (kind === 'CLASS_MEAN')
    throw new AtlasError(
      'BAD_ARGUMENT',
      'A class mean is a point: give `classMeans` for the way between two.',
    )
  return directionOf(set, kind ?? 'PRINCIPAL_COMPONENT', index, loaders)
}

/** The way from one class mean to another, see {@link readComponent}. */
export async function readClassDifference(
  { directions, from, to }: ClassMeansInput,
  network: NetworkRow,
  layer: number,
  loaders: Loaders,
): Promise<Float64Array> {
  const set = await directionSetBefore(directions, network, layer, loaders)
  const [start, end] = await Promise.all(
    [from, to].map((label) => directionOf(set, 'CLASS_MEAN', label, loaders)),
  )
  return end.map((value, i) => value - start[i])
}

async function directionOf(
  { id }: DirectionSetRow,
  kind: DirectionKind,
  index: number,
  loaders: Loaders,
): Promise<Float64Array> {
  const found = (await loaders.directions.load([id, kind])).find((row) => row.index === index)
  if (found) return Float64Array.from(floatsOf(found.values))
  throw new AtlasError(
    'BAD_ARGUMENT',
    `The direction set has no ${kind} ${index}: \`DirectionSet.directions\` lists them, once it is computed.`,
  )
}

/** A set of directions of the space before a layer: that of the activations of the layer before it. */
async function directionSetBefore(
  id: string,
  network: NetworkRow,
  layer: number,
  loaders: Loaders,
): Promise<DirectionSetRow> {
  const set = await directionSetOfId(id, loaders)
  const { networkId, fromLayer, toLayer } = await partitionOf(set, loaders)
  const isBefore = networkId === network.id && fromLayer === layer - 1 && toLayer === layer - 1
  // Behind a convolution the space is in the order of memory, and behind Max or Min it is not that of the outputs.
  const { positionCount, operator } = await layerOf(networkId, fromLayer, loaders)
  if (isBefore && positionCount === 1 && operator !== 'Max' && operator !== 'Min') return set
  throw new AtlasError(
    'BAD_ARGUMENT',
    `The directions "${id}" are of another space than that before layer ${layer} of "${network.name}": measure those of a ` +
      `partition by layer ${layer - 1} alone, a dense one.`,
  )
}

/** Throws BAD_ID, BAD_PATH, UNKNOWN_DIRECTIONS. */
async function directionSetOfId(id: string, loaders: Loaders): Promise<DirectionSetRow> {
  const set = await (id.includes('@')
    ? directionSetOfPath(id, loaders)
    : loaders.directionSetById.load(parseGlobalId(id, idTypes.DirectionSet)))
  if (set) return set
  throw new AtlasError(
    'UNKNOWN_DIRECTIONS',
    `There is no direction set "${id}": find one with \`Partition.directionSets\`, or make it with \`measureDirections\`.`,
  )
}

async function directionSetOfPath(path: string, loaders: Loaders): Promise<DirectionSetRow | null> {
  const key = parsePath(path)
  if (key.kind !== 'directions')
    throw new AtlasError(
      'BAD_PATH',
      `"${path}" is no path of a direction set: those look like mnist-a/2..2@mnist/directions:16:1.`,
    )
  const partition = await loaders.partitionByKey.load(partitionTuple(key))
  return partition && loaders.directionSetByKey.load([partition.id, key.components, key.seed])
}
