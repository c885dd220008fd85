import { AtlasError } from '../../../compute/errors.ts'

/** The layers that geometry is asked for. */
export interface AskedSpan {
  /** All layers of the network. */
  layerCount: number
  /** Points lie in the space before this layer; null for 0, the network's input space. */
  fromLayer: number | null
  /** The last layer whose boundaries count; null for the last. */
  toLayer: number | null
}

/** The span with its defaults. Throws BAD_SPAN. */
export function spanOf(asked: AskedSpan): { fromLayer: number; toLayer: number } {
  const { layerCount } = asked
  const fromLayer = asked.fromLayer ?? 0
  const toLayer = asked.toLayer ?? layerCount - 1
  if (fromLayer >= 0 && fromLayer <= toLayer && toLayer < layerCount) return { fromLayer, toLayer }
  throw new AtlasError(
    'BAD_SPAN',
    `There is no span of layers ${fromLayer}..${toLayer}: the network's layers are 0 to ${layerCount - 1}, and ` +
      'fromLayer is not greater than toLayer.',
  )
}
