import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { DateTimeISOResolver } from 'graphql-scalars'

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
