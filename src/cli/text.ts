/** The plain-text parts of an answer. */
import { styleText } from 'node:util'
import { count } from './format.ts'

type Style = (text: string) => string

/** Styles for one stream: none where it is no terminal or NO_COLOR is set. */
export function colours(stream: NodeJS.WriteStream): Record<'bold' | 'dim' | 'red', Style> {
  const wanted = stream.isTTY && !process.env.NO_COLOR
  const style = (name: 'bold' | 'dim' | 'red'): Style =>
    wanted ? (text) => styleText(name, text) : (text) => text
  return { bold: style('bold'), dim: style('dim'), red: style('red') }
}

export type Cell = string | number

/** Rows under a header, in columns two spaces apart; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? count(cell) : cell)))
  const widths = header.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i].length)))
  const right = header.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'))
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (right[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd()
  return [colours(process.stdout).bold(line(header)), ...cells.map(line)].join('\n')
}

/** Names and values, one a line, the values in one column; lines without a value are left out. */
export function fields(entries: readonly (readonly [name: string, value: Cell | null])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length)) + 2
  const { dim } = colours(process.stdout)
  return entries
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => dim(name.padEnd(width)) + (typeof value === 'number' ? count(value) : value))
    .join('\n')
}

/** Titled parts of an answer, an empty line between them. */
export function sections(...parts: (string | null)[]): string {
  return parts.filter((part) => part !== null).join('\n\n')
}

/** A table or other text under a title. */
export function section(title: string, body: string): string {
  return `${colours(process.stdout).bold(title)}\n${body}`
}
