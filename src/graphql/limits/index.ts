/** How much one request may ask for. Whoever refuses says which limit, and how to ask for less. */
export { checkCost, COST_LIMIT } from './cost.ts'
export { shapeRule, SHAPE_LIMITS } from './shape.ts'

/** Tokens of a document at most, for `parse`: the longest worked query has 146, introspection 163. */
export const TOKEN_LIMIT = 5000
