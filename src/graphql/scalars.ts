import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { DateTimeISOResolver } from 'graphql-scalars'
import { bytesOf } from '../store/bytesOf.ts'

/** A moment as ISO 8601 text in UTC. */
export const dateTime: GraphQLScalarType = DateTimeISOResolver

/** `0110…`: one character a bit, bit 0 first. */
export const bitString = new GraphQLScalarType<string, string>({
  name: 'BitString',
  serialize: checkBits,
  parseValue: checkBits,
  parseLiteral: (node) => checkBits(node.kind === Kind.STRING ? node.value : null),
})

function checkBits(value: unknown): string {
  if (typeof value === 'string' && /^[01]*$/.test(value)) return value
  throw new GraphQLError('A BitString is a string of the characters 0 and 1, one a bit, bit 0 first.')
}

/** Base64 of little-endian float32; only ever answered. */
export const packedFloats = new GraphQLScalarType<Float32Array, string>({
  name: 'PackedFloats',
  serialize: (values) => packed(values, Float32Array),
})

/** Base64 of little-endian int32; only ever answered. */
export const packedInts = new GraphQLScalarType<Int32Array, string>({
  name: 'PackedInts',
  serialize: (values) => packed(values, Int32Array),
})

function packed(values: unknown, type: typeof Float32Array | typeof Int32Array): string {
  if (values instanceof type) return bytesOf(values).toString('base64')
  throw new TypeError(`A column is no ${type.name}`)
}
