/** The GraphQL schema with its behaviour, and what serving it takes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, type GraphQLSchema } from 'graphql'
import { packageRoot } from '../packageRoot.ts'
import { guardMutations } from './access.ts'
import { attachResolvers } from './attachResolvers.ts'
import { resolvers } from './resolvers/index.ts'

export { createContextFactory } from './context.ts'
export type { Context, ContextFactory } from './context.ts'
export { clientError, formatError } from './errors.ts'
export { createExecutor, type Executor } from './execute.ts'
export { checkCost, shapeRule, TOKEN_LIMIT } from './limits/index.ts'

/** Reads schema/*.graphql and attaches the resolvers. */
export function createSchema(): GraphQLSchema {
  const folder = join(packageRoot, 'schema')
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'))
  const schema = buildSchema(files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n'))
  attachResolvers(schema, resolvers)
  guardMutations(schema)
  return schema
}
