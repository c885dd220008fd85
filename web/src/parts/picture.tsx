import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState, type CSSProperties } from 'react'
import { Link } from 'wouter'
import { graphql, type ResultOf } from '../lib/atlas.ts'
import { entityHref } from '../lib/paths.ts'
import { classColor } from '../lib/colors.ts'

/** What `Picture` shows of an input. */
export const PictureFields = graphql(`
  fragment Picture on Input {
    path
    label
    image
    text
  }
`)

type Shown = ResultOf<typeof PictureFields>

interface PictureProps {
  input: Shown
  /** Stands below; by default the path. */
  caption?: string
  /** Side in rem. */
  size?: number
  /** A part of the picture that is framed. */
  mark?: Mark | null
}

/** A rectangle, in shares of a picture's sides. */
export interface Mark {
  left: number
  top: number
  width: number
  height: number
}

/** An input as a picture, or as its text, with a bar in the colour of its class; a link to its page. */
export function Picture({ input, caption = input.path, size = 3.5, mark = null }: PictureProps) {
  const style: CSSProperties & { '--picture': string } = { '--picture': `${size}rem` }
  return (
    <Link href={entityHref(input.path)} className="picture" style={style} title={input.text ?? input.path}>
      <span className="framed">
        {input.image ? (
          <img src={input.image} alt="" style={bordered(input.label)} />
        ) : (
          <span className="stand-in" style={bordered(input.label)}>
            {input.text ?? input.path.split('/').at(-1)}
          </span>
        )}
        {mark && <span className="mark" style={markStyle(mark)} />}
      </span>
      <span>{caption}</span>
    </Link>
  )
}

const markStyle = ({ left, top, width, height }: Mark): CSSProperties => ({
  left: `calc(${left} * var(--picture))`,
  top: `calc(${top} * var(--picture))`,
  width: `calc(${width} * var(--picture))`,
  height: `calc(${height} * var(--picture))`,
})

const bordered = (label: number | null): CSSProperties =>
  label === null ? {} : { borderBottom: `3px solid ${classColor(label)}` }

interface PicturesProps<Row> {
  label: string
  rows: readonly Row[]
  /** The picture of a row. */
  inputOf: (row: Row) => Shown
  captionOf?: (row: Row) => string
  markOf?: (row: Row) => Mark | null
  /** Unique among the rows. */
  keyOf: (row: Row) => string
  onEnd?: () => void
}

/** Width of a picture with its gap, in pixels: 4.4 rem of 15 px and 0.3 rem. */
const CELL_WIDTH = 70.5
const CELL_HEIGHT = 84

/** Pictures in a grid that scrolls by itself and draws only the rows in view. */
export function Pictures<Row>({ label, rows, inputOf, captionOf, markOf, keyOf, onEnd }: PicturesProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null)
  const across = useColumns(scroller)
  const lines = Math.ceil(rows.length / across)
  const virtual = useVirtualizer({
    count: lines,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL_HEIGHT,
    overscan: 3,
  })
  const items = virtual.getVirtualItems()
  const atEnd = (items.at(-1)?.index ?? -1) >= lines - 1
  useEffect(() => {
    if (atEnd) onEnd?.()
  }, [atEnd, onEnd])
  return (
    <div className="pictures" ref={scroller} tabIndex={0} role="region" aria-label={label}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => (
          <div
            key={index}
            className="pictures-row"
            style={{ position: 'absolute', inset: 0, top: start, bottom: 'auto' }}
          >
            {rows.slice(index * across, (index + 1) * across).map((row) => (
              <Picture
                key={keyOf(row)}
                input={inputOf(row)}
                caption={captionOf?.(row)}
                mark={markOf?.(row)}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

/** How many cells fit side by side; follows the element's width. */
function useColumns(element: React.RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(8)
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([{ contentRect }]) =>
      setColumns(Math.max(1, Math.floor((contentRect.width + 4.5) / CELL_WIDTH))),
    )
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return columns
}
