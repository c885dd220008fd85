import {
  isInterfaceType,
  isObjectType,
  isScalarType,
  type GraphQLFieldResolver,
  type GraphQLScalarType,
  type GraphQLSchema,
  type GraphQLTypeResolver,
} from 'graphql'
import type { Context } from './context.ts'
import type { Resolvers } from './generated/types.ts'

/**
 * Gives the types of a schema their behaviour: fields their resolvers, interfaces `__resolveType`, scalars their
 * parsing. Fields without a resolver read the property of their name. Throws where a resolver's type or field is
 * not in the schema.
 */
export function attachResolvers(schema: GraphQLSchema, resolvers: Resolvers): void {
  for (const [name, behaviour] of Object.entries(resolvers)) {
    const type = schema.getType(name)
    if (isScalarType(type) && isScalarType(behaviour)) copyScalar(behaviour, type)
    else if (isInterfaceType(type)) type.resolveType = typeResolverOf(behaviour)
    else if (isObjectType(type)) attachFields(name, type.getFields(), behaviour)
    else throw new Error(`The schema has no type ${name} that takes resolvers.`)
  }
}

function copyScalar(from: GraphQLScalarType, to: GraphQLScalarType): void {
  to.serialize = from.serialize
  to.parseValue = from.parseValue
  to.parseLiteral = from.parseLiteral
}

interface Behaviour {
  resolve?: GraphQLFieldResolver<unknown, Context>
  subscribe?: GraphQLFieldResolver<unknown, Context>
}

function attachFields(typeName: string, fields: Record<string, Behaviour>, behaviour: object): void {
  for (const [name, resolver] of Object.entries(behaviour)) {
    if (!Object.hasOwn(fields, name)) throw new Error(`The schema has no field ${typeName}.${name}.`)
    if (isResolver(resolver)) fields[name].resolve = resolver
    else Object.assign(fields[name], resolver)
  }
}

function isResolver(value: unknown): value is GraphQLFieldResolver<unknown, Context> {
  return typeof value === 'function'
}

function typeResolverOf(behaviour: object): GraphQLTypeResolver<unknown, Context> {
  const resolve: unknown = '__resolveType' in behaviour ? behaviour.__resolveType : undefined
  if (isTypeResolver(resolve)) return resolve
  throw new Error('An interface takes __resolveType.')
}

function isTypeResolver(value: unknown): value is GraphQLTypeResolver<unknown, Context> {
  return typeof value === 'function'
}
