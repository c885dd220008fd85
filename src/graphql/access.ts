import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { AtlasError } from '../../compute/errors.ts'
import { includesScope, type KeyScope } from '../store/keyScopes.ts'
import type { Context } from './context.ts'

/** Mutations that a key of scope WRITE is not enough for: what they take away is gone. */
const FOR_ADMINS = ['deleteNetwork', 'deleteDataset', 'deleteSeries']

/** Has every mutation refuse callers of too narrow a scope, with FORBIDDEN. */
export function guardMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {}))
    field.resolve = guarded(
      field.name,
      FOR_ADMINS.includes(field.name) ? 'ADMIN' : 'WRITE',
      field.resolve ?? defaultFieldResolver,
    )
}

function guarded(
  name: string,
  needed: KeyScope,
  resolve: GraphQLFieldResolver<unknown, Context>,
): GraphQLFieldResolver<unknown, Context> {
  return (root, args, context, info) => {
    if (includesScope(context.scope, needed)) return resolve(root, args, context, info)
    throw new AtlasError(
      'FORBIDDEN',
      `${name} needs a key of scope ${needed.toLowerCase()}; you may ${context.scope.toLowerCase()}. Ask whoever runs this atlas.`,
    )
  }
}
