import { initGraphQLTada } from 'gql.tada'
import type { introspection } from './generated/introspection.ts'

/**
 * Parses a query, mutation, subscription or fragment of the atlas' schema, and types it: its result and variables are
 * those that the text asks for. Fragments that it spreads come as second argument. Text that is no GraphQL throws; a
 * field that the schema lacks is an error of the compiler.
 */
export const graphql = initGraphQLTada<{
  introspection: introspection
  /** A fragment's fields can be read where it is spread. */
  disableMasking: true
  scalars: { BitString: string; DateTime: string; PackedFloats: string; PackedInts: string }
}>()

export type { ResultOf, TadaDocumentNode, VariablesOf } from 'gql.tada'
