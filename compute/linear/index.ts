/** Products of matrices, and what follows from them. */
export type { Matrix } from './matrix.ts'
export { nonNegativeFactors, type NonNegativeFactors } from './nonNegativeFactors.ts'
export { meanOfRows, principalComponents, type PrincipalComponents } from './principalComponents.ts'
export { Products, withProducts } from './products.ts'
