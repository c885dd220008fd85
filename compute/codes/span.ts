import { AtlasError } from '../errors.ts'
import { copyBits } from '../kernels/index.ts'

/** Whether the positions of an input are flattened into one code, or each has a code of its own. */
export type Granularity = 'WHOLE_INPUT' | 'PER_POSITION'

/** The shape of a layer: positions (spatial places or tokens) and the units (channels) at each. */
export interface LayerShape {
  /** With one bit each: a unit with several bits counts as so many. */
  units: number
  positions: number
}

/** One layer's codes for some rows, as `packLayer` made them. */
export interface LayerCodes extends LayerShape {
  /** Rows x positions x ceil(units / 8) bytes. */
  codes: Uint8Array
}

/**
 * Bits of a code over the span of these layers.
 *
 * @throws AtlasError POSITIONS_DIFFER for PER_POSITION over layers with different numbers of positions
 */
export function spanBits(layers: readonly LayerShape[], granularity: Granularity): number {
  const flattened = granularity === 'WHOLE_INPUT'
  if (!flattened) commonPositions(layers)
  return layers.reduce((bits, { units, positions }) => bits + units * (flattened ? positions : 1), 0)
}

/**
 * The codes of a span: layer after layer, inside a layer position after position (where flattened), inside a
 * position unit after unit, with no padding between them.
 *
 * @returns sites x ceil(bits / 8) bytes; sites are the rows, or rows x positions (row-major) for PER_POSITION
 * @throws AtlasError POSITIONS_DIFFER, see {@link spanBits}
 */
export function assembleSpan(
  layers: readonly LayerCodes[],
  rows: number,
  granularity: Granularity,
): Uint8Array {
  for (const { units, positions, codes } of layers) {
    const bytes = rows * positions * Math.ceil(units / 8)
    if (codes.length !== bytes) throw new RangeError(`${codes.length} bytes of codes for ${bytes}`)
  }
  const stride = Math.ceil(spanBits(layers, granularity) / 8)
  const flattened = granularity === 'WHOLE_INPUT'
  const sites = flattened ? rows : rows * commonPositions(layers)
  const span = new Uint8Array(sites * stride)
  let bit = 0
  for (const layer of layers) {
    bit += writeLayer(layer, flattened ? layer.positions : 1, sites, span, stride, bit)
  }
  return span
}

/** Writes one layer's part of every site's code and returns its width in bits. */
function writeLayer(
  { units, codes }: LayerCodes,
  positions: number,
  sites: number,
  span: Uint8Array,
  stride: number,
  bit: number,
): number {
  // Without padding the positions of a site are one run already.
  const runs = units % 8 === 0 ? 1 : positions
  const bits = (units * positions) / runs
  const bytes = Math.ceil(bits / 8)
  for (let site = 0; site < sites; site++) {
    for (let run = 0; run < runs; run++) {
      copyBits(codes, (site * runs + run) * bytes, bits, span, site * stride * 8 + bit + run * bits)
    }
  }
  return units * positions
}

/** Float32's largest value. */
const LARGEST = 2 ** 128 - 2 ** 104

/** One layer's margins over some rows, with what to measure them by. */
export interface LayerMargins {
  positions: number
  /** Rows x positions, as `packLayer` made them. */
  margins: Float32Array
  /** The layer's mean distance from its boundaries over the dataset; 0 if all lie on them. */
  scale: number
}

/**
 * The least margin of each site over the span, in units of each layer's scale. A margin of 0 stays 0 whatever the
 * scale. A site without any boundary near (entries that are all equal, in every window) has the largest float32.
 *
 * @returns one float32 a site; sites as in {@link assembleSpan}
 * @throws AtlasError POSITIONS_DIFFER, see {@link spanBits}
 */
export function spanMargins(
  layers: readonly LayerMargins[],
  rows: number,
  granularity: Granularity,
): Float32Array {
  const flattened = granularity === 'WHOLE_INPUT'
  const sites = flattened ? rows : rows * commonPositions(layers)
  const least = new Float32Array(sites).fill(LARGEST)
  for (const { positions, margins, scale } of layers) {
    const perSite = flattened ? positions : 1
    for (let i = 0; i < sites * perSite; i++) {
      const margin = margins[i] === 0 ? 0 : Math.fround(margins[i] / scale)
      const site = perSite === 1 ? i : Math.floor(i / perSite)
      if (margin < least[site]) least[site] = margin
    }
  }
  return least
}

/** The number of positions that all layers have; 0 of no layers. */
function commonPositions(layers: readonly { positions: number }[]): number {
  const counts = [...new Set(layers.map(({ positions }) => positions))]
  if (counts.length > 1) {
    throw new AtlasError(
      'POSITIONS_DIFFER',
      `A code per position needs layers with the same number of positions; these have ${counts.join(', ')}. ` +
        'Choose a span of layers of one spatial size, or the granularity WHOLE_INPUT.',
    )
  }
  return counts[0] ?? 0
}
