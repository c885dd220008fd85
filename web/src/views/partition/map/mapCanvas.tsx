import type { ZoomTransform } from 'd3-zoom'
import { useCallback, useEffect, useRef } from 'react'
import { nearestPoint, packColor, paintPoints, type Placement, type Points } from './paint.ts'
import { useZoom } from './useZoom.ts'

interface MapCanvasProps {
  points: Points
  /** What the map shows, for those who cannot see it. */
  label: string
  /** Someone points at a region, by index; -1 for none. */
  onPoint: (index: number) => void
  /** Someone chooses a region. */
  onChoose: (index: number) => void
}

/** How near to a point the pointer must be, in CSS pixels. */
const REACH = 12

/** Points in the plane, to move and to zoom by drag, wheel, pinch and keys. Painted once a frame at most. */
export function MapCanvas({ points, label, onPoint, onChoose }: MapCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const shown = useRef(points)
  const frame = useRef(0)
  const repaint = useCallback(() => {
    cancelAnimationFrame(frame.current)
    frame.current = requestAnimationFrame(() => {
      if (canvas.current) paint(canvas.current, shown.current, transform.current)
    })
  }, [])
  const { transform, onKeyDown } = useZoom(canvas, repaint)
  useEffect(() => {
    shown.current = points
    repaint()
  }, [points, repaint])
  useEffect(() => {
    if (!canvas.current) return
    const sizes = new ResizeObserver(repaint)
    sizes.observe(canvas.current)
    // Faint points take a colour of the theme.
    const theme = matchMedia('(prefers-color-scheme: dark)')
    theme.addEventListener('change', repaint)
    return () => {
      sizes.disconnect()
      theme.removeEventListener('change', repaint)
    }
  }, [repaint])
  const indexAt = ({ offsetX, offsetY }: { offsetX: number; offsetY: number }) => {
    if (!canvas.current) return -1
    const { clientWidth, clientHeight } = canvas.current
    const { scale, left, top } = placementOf(clientWidth, clientHeight, transform.current)
    return nearestPoint(points, (offsetX - left) / scale, (top - offsetY) / scale, REACH / scale)
  }
  return (
    <canvas
      ref={canvas}
      className="map"
      tabIndex={0}
      role="img"
      aria-label={label}
      onKeyDown={onKeyDown}
      onPointerMove={({ nativeEvent }) => nativeEvent.buttons === 0 && onPoint(indexAt(nativeEvent))}
      onPointerLeave={() => onPoint(-1)}
      onClick={({ nativeEvent }) => {
        const index = indexAt(nativeEvent)
        if (index >= 0) onChoose(index)
      }}
    />
  )
}

function paint(canvas: HTMLCanvasElement, points: Points, transform: ZoomTransform): void {
  const ratio = window.devicePixelRatio
  const width = Math.round(canvas.clientWidth * ratio)
  const height = Math.round(canvas.clientHeight * ratio)
  const context = canvas.getContext('2d')
  if (!context || width === 0 || height === 0) return
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  const { scale, left, top } = placementOf(canvas.clientWidth, canvas.clientHeight, transform)
  const image = new ImageData(width, height)
  paintPoints(
    new Uint32Array(image.data.buffer),
    width,
    height,
    points,
    { scale: scale * ratio, left: left * ratio, top: top * ratio },
    radiusOf(points.lit.length, transform.k, ratio),
    packColor(matchMedia('(prefers-color-scheme: dark)').matches ? [58, 64, 70] : [208, 212, 216]),
  )
  context.putImageData(image, 0, 0)
}

/** Where the square from -1 to 1 lies in an element: in its middle, with a little room around. */
function placementOf(width: number, height: number, { k, x, y }: ZoomTransform): Placement {
  const scale = 0.48 * Math.min(width, height)
  return { scale: scale * k, left: (width / 2) * k + x, top: (height / 2) * k + y }
}

/** Pixels from the middle of a disc to its edge: many points are small, and grow slowly as one comes nearer. */
function radiusOf(count: number, zoomed: number, ratio: number): number {
  const base = count > 30_000 ? 1 : count > 3000 ? 1.6 : 2.8
  return Math.max(1, Math.min(8, Math.round(base * ratio * Math.sqrt(Math.max(1, zoomed)))))
}
