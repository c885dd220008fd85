/** The tasks of a comparison, as worker threads find them by name. */
export { countDistances } from './marginals.ts'
export { matchUnits } from './matchUnits.ts'
export { sumPairs } from './pairs.ts'
export { tabulate } from './tabulate.ts'
