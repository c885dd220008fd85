import { select } from 'd3-selection'
import { zoom, zoomIdentity, type D3ZoomEvent } from 'd3-zoom'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { drawCut, drawPoints, type Cut } from './draw.ts'
import { ASPECT, zoomed, type View } from './plane.ts'

interface SliceCanvasProps {
  cut: Cut | null
  /** What is to be shown; the cut may still be that of another view. */
  view: View
  points: readonly (readonly [number, number])[]
  names: readonly string[]
  /** Someone has moved or zoomed to a view. */
  onView: (view: View) => void
  /** Someone points at a place, in shares of the view from its lower left corner. */
  onPoint: (at: readonly [number, number]) => void
}

/** Pixels of the canvas from left to right. */
const WIDTH = 1440

/** Milliseconds without movement after which a view counts as chosen. */
const REST = 250

/** Below this width float64 has no more places for the coordinates, which are some units in size. */
const LEAST_WIDTH = 1e-12

/** Draws a slice, and follows drags, wheels, pinches and keys: at once by the cut that is there. */
export function SliceCanvas({ cut, view, points, names, onView, onPoint }: SliceCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const now = useRef({ cut, view, points, names, onView })
  const paint = useRef((shown: View) => {
    const context = canvas.current?.getContext('2d')
    const { cut, points, names } = now.current
    if (!context || !cut) return
    drawCut(context, cut, shown, WIDTH)
    drawPoints(context, points, names, shown, WIDTH)
  })
  useEffect(() => {
    now.current = { cut, view, points, names, onView }
    paint.current(view)
  })
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    let rest: ReturnType<typeof setTimeout> | undefined
    const behavior = zoom<HTMLCanvasElement, unknown>()
      .clickDistance(4)
      .on('zoom', ({ transform }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
        const shown = seenThrough(now.current.view, transform, element.clientWidth)
        paint.current(shown)
        clearTimeout(rest)
        rest = setTimeout(() => {
          // The gesture becomes the view; the next one begins from there.
          select(element).property('__zoom', zoomIdentity)
          if (shown.width >= LEAST_WIDTH) now.current.onView(shown)
          else paint.current(now.current.view)
        }, REST)
      })
    const selection = select(element)
    selection.call(behavior)
    return () => {
      clearTimeout(rest)
      selection.on('.zoom', null)
    }
  }, [])
  const keys = (event: KeyboardEvent) => {
    const next = afterKey(view, event.key)
    if (!next) return
    event.preventDefault()
    onView(next)
  }
  return (
    <canvas
      ref={canvas}
      className="slice"
      width={WIDTH}
      height={WIDTH * ASPECT}
      tabIndex={0}
      role="img"
      aria-label={`${cut?.regionCount ?? 'no'} polygons of the plane through ${names.join(', ')}`}
      onKeyDown={keys}
      onPointerMove={({ nativeEvent, currentTarget }) =>
        onPoint([
          nativeEvent.offsetX / currentTarget.clientWidth,
          1 - nativeEvent.offsetY / currentTarget.clientHeight,
        ])
      }
    />
  )
}

/** What a view shows through a transform of the screen, whose width in CSS pixels is given. */
function seenThrough(view: View, { k, x, y }: { k: number; x: number; y: number }, width: number): View {
  const scale = view.width / width
  const height = width * ASPECT
  return {
    x: view.x - (x / k) * scale,
    // The screen counts from the top, the view from the bottom.
    y: view.y + (height - (height - y) / k) * scale,
    width: view.width / k,
  }
}

/** The view that a key leads to; null for other keys. */
function afterKey(view: View, key: string): View | null {
  const step = view.width / 8
  if (key === 'ArrowLeft') return { ...view, x: view.x - step }
  if (key === 'ArrowRight') return { ...view, x: view.x + step }
  if (key === 'ArrowDown') return { ...view, y: view.y - step }
  if (key === 'ArrowUp') return { ...view, y: view.y + step }
  if (key === '+' || key === '=') return view.width < 2 * LEAST_WIDTH ? null : zoomed(view, 2, [0.5, 0.5])
  if (key === '-') return zoomed(view, 0.5, [0.5, 0.5])
  return null
}
