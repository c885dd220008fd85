import { select } from 'd3-selection'
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from 'd3-zoom'
import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react'

interface Zoom {
  /** How the canvas is moved and zoomed now. */
  transform: RefObject<ZoomTransform>
  /** Moves by the arrow keys, zooms by + and -, goes back to the whole by 0. */
  onKeyDown: (event: KeyboardEvent) => void
}

/** CSS pixels by which an arrow key moves the map. */
const PANS: Record<string, [x: number, y: number]> = {
  ArrowLeft: [80, 0],
  ArrowRight: [-80, 0],
  ArrowUp: [0, 80],
  ArrowDown: [0, -80],
}

/** Follows drags, wheels, pinches and keys on a canvas; `onMove`, which must stay the same, is told of each. */
export function useZoom(canvas: RefObject<HTMLCanvasElement | null>, onMove: () => void): Zoom {
  const transform = useRef<ZoomTransform>(zoomIdentity)
  const behavior = useRef<ZoomBehavior<HTMLCanvasElement, unknown> | null>(null)
  useEffect(() => {
    if (!canvas.current) return
    const zooming = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([0.5, 500])
      .clickDistance(4)
      .on('zoom', (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
        transform.current = event.transform
        onMove()
      })
    behavior.current = zooming
    const selection = select(canvas.current)
    // A double click chooses, as a single one does.
    selection.call(zooming).on('dblclick.zoom', null)
    return () => void selection.on('.zoom', null)
  }, [canvas, onMove])
  const onKeyDown = (event: KeyboardEvent) => {
    if (!canvas.current || !behavior.current) return
    const selection = select(canvas.current)
    const [x, y] = PANS[event.key] ?? [0, 0]
    if (event.key === '+' || event.key === '=') selection.call(behavior.current.scaleBy, 1.5)
    else if (event.key === '-') selection.call(behavior.current.scaleBy, 1 / 1.5)
    else if (event.key === '0') selection.call(behavior.current.transform, zoomIdentity)
    else if (x === 0 && y === 0) return
    else selection.call(behavior.current.translateBy, x / transform.current.k, y / transform.current.k)
    event.preventDefault()
  }
  return { transform, onKeyDown }
}
