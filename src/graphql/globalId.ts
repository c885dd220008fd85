/** Opaque global ids: base64url of `Type:key/key…`, where the keys are those of the store. */
import { z } from 'zod'
import { AtlasError } from '../../compute/errors.ts'

const MAX_INT4 = 2 ** 31 - 1
const int4 = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number)
  .refine((value) => value <= MAX_INT4)
const hash = z.string().regex(/^[0-9a-f]{32}$/)
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

/** A type of entity and the key that names one of it. */
export interface IdType<Key extends readonly (number | string)[]> {
  readonly name: string
  readonly key: z.ZodType<Key>
}

/** Every type that has global ids. */
export const idTypes = {
  Network: { name: 'Network', key: z.tuple([int4]) },
  /** Network, index. */
  Layer: { name: 'Layer', key: z.tuple([int4, int4]) },
  Dataset: { name: 'Dataset', key: z.tuple([int4]) },
  /** Dataset, index. */
  Input: { name: 'Input', key: z.tuple([int4, int4]) },
  Partition: { name: 'Partition', key: z.tuple([int4]) },
  /** Partition, index. */
  Region: { name: 'Region', key: z.tuple([int4, int4]) },
  /** Hash, bit count. */
  Code: { name: 'Code', key: z.tuple([hash, int4]) },
  Comparison: { name: 'Comparison', key: z.tuple([int4]) },
  Complex: { name: 'Complex', key: z.tuple([int4]) },
  /** Complex, index. */
  ComplexRegion: { name: 'ComplexRegion', key: z.tuple([int4, int4]) },
  SegmentSet: { name: 'SegmentSet', key: z.tuple([int4]) },
  Clustering: { name: 'Clustering', key: z.tuple([int4]) },
  /** Clustering, index. */
  Cluster: { name: 'Cluster', key: z.tuple([int4, int4]) },
  DirectionSet: { name: 'DirectionSet', key: z.tuple([int4]) },
  Embedding: { name: 'Embedding', key: z.tuple([int4]) },
  Series: { name: 'Series', key: z.tuple([int4]) },
  Job: { name: 'Job', key: z.tuple([uuid]) },
} as const satisfies Record<string, IdType<readonly (number | string)[]>>

/** Name of a type that has global ids. */
export type NodeType = keyof typeof idTypes

/** The global id of an entity. */
export function toGlobalId<Key extends readonly (number | string)[]>(type: IdType<Key>, key: Key): string {
  return Buffer.from(`${type.name}:${key.join('/')}`).toString('base64url')
}

/** The key in a global id of the given type. Throws BAD_ID where it is malformed or of another type. */
export function parseGlobalId<Key extends readonly (number | string)[]>(id: string, type: IdType<Key>): Key {
  const found = typeOfGlobalId(id)
  if (found !== type.name)
    throw new AtlasError('BAD_ID', `"${id}" is the id of a ${found}: pass the id of a ${type.name}.`)
  const parts = decode(id)
    .slice(found.length + 1)
    .split('/')
  const key = type.key.safeParse(parts)
  // One spelling an entity: leading zeros and padding would make others of it.
  if (!key.success || toGlobalId(type, key.data) !== id) throw malformed(id)
  return key.data
}

/** The type that a global id says it is of; its key is not looked at. Throws BAD_ID. */
export function typeOfGlobalId(id: string): NodeType {
  const name = decode(id).split(':', 1)[0]
  if (isNodeType(name)) return name
  throw malformed(id)
}

function isNodeType(name: string): name is NodeType {
  return Object.hasOwn(idTypes, name)
}

function decode(id: string): string {
  return Buffer.from(id, 'base64url').toString()
}

function malformed(id: string): AtlasError {
  return new AtlasError(
    'BAD_ID',
    `"${id}" is no id of this atlas: pass an id that a field \`id\` answered, or find the entity by its path with \`entity(path:)\`.`,
  )
}
