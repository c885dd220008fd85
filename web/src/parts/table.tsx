import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type ReactNode } from 'react'

/** A column: its title, and what it shows of a row. */
export interface Column<Row> {
  title: string
  /** Numbers stand at the right. */
  number?: boolean
  cell: (row: Row) => ReactNode
}

interface TableProps<Row> {
  /** Tells what the table holds, for those who cannot see it. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** Asked when the last row comes into view. */
  onEnd?: () => void
}

const ROW_HEIGHT = 38

/** A table that scrolls by itself and draws only the rows in view, however many there are. */
export function Table<Row>({ label, columns, rows, keyOf, onEnd }: TableProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const [first, last] = [items.at(0), items.at(-1)]
  const atEnd = last !== undefined && last.index >= rows.length - 1
  useEffect(() => {
    if (atEnd) onEnd?.()
  }, [atEnd, onEnd])
  return (
    <div className="table" ref={scroller} tabIndex={0} role="region" aria-label={label}>
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map(({ title, number }) => (
              <th key={title} scope="col" className={number ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={first?.start ?? 0} columns={columns.length} />
          {items.map(({ index }) => (
            <tr
              key={keyOf(rows[index])}
              data-index={index}
              ref={virtual.measureElement}
              aria-rowindex={index + 2}
            >
              {columns.map(({ title, number, cell }) => (
                <td key={title} className={number ? 'number' : undefined}>
                  {cell(rows[index])}
                </td>
              ))}
            </tr>
          ))}
          <Spacer height={virtual.getTotalSize() - (last?.end ?? 0)} columns={columns.length} />
        </tbody>
      </table>
    </div>
  )
}

/** Stands for the rows that are not drawn. */
function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null
  return (
    <tr className="spacer" aria-hidden>
      <td colSpan={columns} style={{ height }} />
    </tr>
  )
}
