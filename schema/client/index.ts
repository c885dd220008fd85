/**
 * The typed client of the atlas, for browsers and Node: `import { connect, graphql } from 'polytope-atlas/client'`.
 * What a query answers is a type that the compiler infers from the query's text and the schema: no code to generate.
 */
export { connect, type Atlas, type AtlasOptions, type RequestOptions } from './connect.ts'
export { graphql, type ResultOf, type VariablesOf } from './document.ts'
export { AtlasRequestError } from './requestError.ts'
