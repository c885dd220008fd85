import { AtlasError } from '../errors.ts'
import type { CompareInput, Side, SpanLayer } from './types.ts'

/**
 * Checks that two sides can be compared.
 *
 * @throws AtlasError NOT_COMPARABLE where they have different sites or inputs, or none
 * @throws RangeError where the arrays of a side do not fit together
 */
export function checkInput({ a, b, sameLayers }: CompareInput): void {
  checkSide(a)
  checkSide(b)
  if (a.regionOfSite.length !== b.regionOfSite.length || a.predictions.length !== b.predictions.length) {
    throw new AtlasError(
      'NOT_COMPARABLE',
      `The partitions have ${describeSites(a)} and ${describeSites(b)}. Compare partitions of one dataset and ` +
        'one granularity, with the same number of positions an input.',
    )
  }
  if (a.regionOfSite.length === 0) {
    throw new AtlasError(
      'NOT_COMPARABLE',
      'The partitions have no sites. Compare partitions of a dataset with inputs.',
    )
  }
  if (sameLayers && describeLayers(a.layers) !== describeLayers(b.layers)) {
    throw new RangeError('sameLayers, but the layers of the sides differ')
  }
}

function checkSide({ regionOfSite, codes, hashes, bitCount, layers, predictions }: Side): void {
  const regions = hashes.length / 16
  const bits = layers.reduce(
    (sum, { units, positions, bitsPerUnit }) => sum + units * positions * bitsPerUnit,
    0,
  )
  if (bits !== bitCount) throw new RangeError(`${bits} bits in layers, ${bitCount} in a code`)
  if (codes.length !== regions * Math.ceil(bitCount / 8)) {
    throw new RangeError(
      `${codes.length} bytes of codes and ${hashes.length} of hashes, ${bitCount} bits a code`,
    )
  }
  if (regionOfSite.length > 0 && regionOfSite.length % predictions.length !== 0) {
    throw new RangeError(`${regionOfSite.length} sites of ${predictions.length} inputs`)
  }
  if (regionOfSite.some((region) => region < 0 || region >= regions)) {
    throw new RangeError(`A site is in no region of 0 … ${regions - 1}`)
  }
}

function describeSites({ regionOfSite, predictions }: Side): string {
  return `${regionOfSite.length} sites of ${predictions.length} inputs`
}

function describeLayers(layers: readonly SpanLayer[]): string {
  return layers
    .map(({ index, units, positions, bitsPerUnit }) => `${index}:${units}x${positions}x${bitsPerUnit}`)
    .join()
}
