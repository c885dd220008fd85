import { useEffect, useRef, type MouseEvent } from 'react'
import { count } from '../lib/format.ts'
import { layoutOf, type CodeLayout } from './codeLayout.ts'

/** A layer of a code's span. */
interface CodeLayer {
  index: number
  operator: string
  unitCount: number
  /** The axes that number the positions; empty where there is one. */
  positionShape: readonly number[]
  bitsPerUnit: number
}

interface CodeRasterProps {
  /** All bits, bit 0 first. */
  bits: string
  layers: readonly CodeLayer[]
  /** Positions are sites: each layer has the bits of one. */
  perPosition: boolean
  /** Another code of the same span; the bits in which the two differ are lit. */
  beside?: string | null
}

/** Red, green, blue and strength of bits that are on or off, and of those that differ: on here alone, on there alone. */
const ON = [63, 127, 196, 255]
const OFF = [128, 138, 148, 50]
const ON_HERE = [217, 115, 13, 255]
const ON_THERE = [240, 180, 110, 255]

/** A code as a raster, layer by layer, a square a bit. */
export function CodeRaster({ bits, layers, perPosition, beside = null }: CodeRasterProps) {
  let start = 0
  return (
    <div className="stack">
      {layers.map((layer) => {
        const axes = perPosition ? [] : layer.positionShape
        const layout = layoutOf(axes, layer.unitCount * layer.bitsPerUnit)
        const from = start
        start += layout.bitCount
        const [own, other] = [bits.slice(from, start), beside?.slice(from, start) ?? null]
        return <LayerRaster key={layer.index} layer={layer} layout={layout} bits={own} beside={other} />
      })}
    </div>
  )
}

interface LayerRasterProps {
  layer: CodeLayer
  layout: CodeLayout
  bits: string
  beside: string | null
}

function LayerRaster({ layer, layout, bits, beside }: LayerRasterProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height, cell } = layout
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(pixels(bits, beside, layout), 0, 0)
  }, [bits, beside, layout])
  const on = countOf(bits, (bit) => bit === '1')
  const differing = beside === null ? 0 : countOf(bits, (bit, i) => bit !== beside[i])
  const said = `layer ${layer.index} (${layer.operator}): ${count(on)} of ${count(bits.length)} bits on`
  const compared = beside === null ? '' : `, ${count(differing)} differ`
  const name = (event: MouseEvent<HTMLCanvasElement>) => {
    const { currentTarget } = event
    const { offsetX, offsetY } = event.nativeEvent
    const x = Math.floor((offsetX / currentTarget.clientWidth) * width)
    const y = Math.floor((offsetY / currentTarget.clientHeight) * height)
    const bit = layout.bitAt(x, y)
    currentTarget.title = bit === null ? '' : bitName(bit, layer, bits[bit] === '1')
  }
  return (
    <figure className="stack tight">
      <figcaption className="hint">
        {said}
        {compared}
      </figcaption>
      <canvas
        ref={canvas}
        className="raster code"
        width={width}
        height={height}
        style={{ width: cell * width }}
        role="img"
        aria-label={said + compared}
        onMouseMove={name}
      />
    </figure>
  )
}

/** `unit 5 at position 3: on` */
function bitName(bit: number, { unitCount, bitsPerUnit }: CodeLayer, on: boolean): string {
  const element = Math.floor(bit / bitsPerUnit)
  const position = Math.floor(element / unitCount)
  const place = position > 0 ? ` at position ${position}` : ''
  const part = bitsPerUnit > 1 ? `, bit ${bit % bitsPerUnit}` : ''
  return `unit ${element % unitCount}${place}${part}: ${on ? 'on' : 'off'}`
}

function countOf(bits: string, counts: (bit: string, i: number) => boolean): number {
  let total = 0
  for (let i = 0; i < bits.length; i++) if (counts(bits[i], i)) total++
  return total
}

/** What is no bit is left clear, so that the page shows. */
function pixels(bits: string, beside: string | null, layout: CodeLayout): ImageData {
  const image = new ImageData(layout.width, layout.height)
  for (let i = 0; i < bits.length; i++) {
    const on = bits[i] === '1'
    const differs = beside !== null && beside[i] !== bits[i]
    const color = differs ? (on ? ON_HERE : ON_THERE) : on ? ON : OFF
    image.data.set(color, 4 * layout.placeOf(i))
  }
  return image
}
