import { useEffect, useRef, type MouseEvent } from 'react'
import { count } from '../lib/format.ts'

/** A layer of a code's span. */
export interface CodeLayer {
  index: number
  operator: string
  unitCount: number
  positionCount: number
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

/** Red, green and blue of a bit that is on, and of those that differ: on here alone, on there alone. */
const ON = [63, 127, 196]
const ON_HERE = [217, 115, 13]
const ON_THERE = [240, 180, 110]

/** A code as a raster, layer by layer: a pixel a bit, positions from top to bottom, units from left to right. */
export function CodeRaster({ bits, layers, perPosition, beside = null }: CodeRasterProps) {
  let start = 0
  return (
    <div className="stack">
      {layers.map((layer) => {
        const positions = perPosition ? 1 : layer.positionCount
        const from = start
        start += positions * layer.unitCount * layer.bitsPerUnit
        const [own, other] = [bits.slice(from, start), beside?.slice(from, start) ?? null]
        return <LayerRaster key={layer.index} layer={layer} positions={positions} bits={own} beside={other} />
      })}
    </div>
  )
}

interface LayerRasterProps {
  layer: CodeLayer
  positions: number
  bits: string
  beside: string | null
}

function LayerRaster({ layer, positions, bits, beside }: LayerRasterProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  // One place has all units in rows of 64; several have a row each.
  const width = positions > 1 ? bits.length / positions : Math.min(64, bits.length)
  const height = Math.ceil(bits.length / width)
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(pixels(bits, beside, width, height), 0, 0)
  }, [bits, beside, width, height])
  const on = countOf(bits, (bit) => bit === '1')
  const differing = beside === null ? 0 : countOf(bits, (bit, i) => bit !== beside[i])
  const said = `layer ${layer.index} (${layer.operator}): ${count(on)} of ${count(bits.length)} bits on`
  const compared = beside === null ? '' : `, ${count(differing)} differ`
  const cell = Math.max(1, Math.min(12, Math.floor(560 / width)))
  const name = (event: MouseEvent<HTMLCanvasElement>) => {
    const { currentTarget } = event
    const { offsetX, offsetY } = event.nativeEvent
    const { clientWidth, clientHeight } = currentTarget
    const bit =
      Math.floor((offsetY / clientHeight) * height) * width + Math.floor((offsetX / clientWidth) * width)
    if (bit < bits.length) currentTarget.title = bitName(bit, layer, bits[bit] === '1')
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
function bitName(bit: number, { unitCount, bitsPerUnit, positionCount }: CodeLayer, on: boolean): string {
  const element = Math.floor(bit / bitsPerUnit)
  const place = positionCount > 1 ? ` at position ${Math.floor(element / unitCount)}` : ''
  const part = bitsPerUnit > 1 ? `, bit ${bit % bitsPerUnit}` : ''
  return `unit ${element % unitCount}${place}${part}: ${on ? 'on' : 'off'}`
}

function countOf(bits: string, counts: (bit: string, i: number) => boolean): number {
  let total = 0
  for (let i = 0; i < bits.length; i++) if (counts(bits[i], i)) total++
  return total
}

/** Bits that are off are left clear, so that the ground shows. */
function pixels(bits: string, beside: string | null, width: number, height: number): ImageData {
  const image = new ImageData(width, height)
  for (let i = 0; i < bits.length; i++) {
    const on = bits[i] === '1'
    const differs = beside !== null && beside[i] !== bits[i]
    if (on || differs) image.data.set([...(differs ? (on ? ON_HERE : ON_THERE) : ON), 255], 4 * i)
  }
  return image
}
