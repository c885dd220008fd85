import { AtlasError } from '../../compute/errors.ts'
import { parseNumber } from './numberText.ts'

/** Names by which a column of labels is known. */
const LABEL_NAME = /^(?:label|class|target|species|y)$/i

/** Those of them that are no likely label themselves, as `y` is: beside them even numbers are column names. */
const SURE_NAME = /^(?:label|class|target|species)$/i

/** What the columns of a CSV file are. */
export interface CsvLayout {
  /** Rows before the first sample. */
  headerRows: 0 | 1
  columnCount: number
  /** From 0; null without labels. */
  labelColumn: number | null
  /** Where the header tells them. */
  classNames: string[] | null
  inputCount: number | null
}

/**
 * Tells the columns from the first two rows. `labelColumn` is an index from 0, a name, `first`, `last` or `none`;
 * without it the labels are the column with a name of labels. The first row is a header if it holds text where
 * values, or numeric labels, belong. Throws UNKNOWN_COLUMN.
 */
export function csvLayout(rows: readonly string[][], labelColumn: string | undefined): CsvLayout {
  const [first, second] = rows
  const summary = summaryHeader(first, second)
  const columnCount = summary?.columnCount ?? first.length
  if (summary && labelColumn === undefined) return summary
  const column = findColumn(first, columnCount, labelColumn)
  const isHeader = first.some(
    (text, index) =>
      SURE_NAME.test(text) ||
      (isText(text) && (index !== column || text === labelColumn || !isText(second?.at(index) ?? 'text'))),
  )
  return {
    headerRows: isHeader ? 1 : 0,
    columnCount,
    labelColumn: column,
    classNames: null,
    inputCount: null,
  }
}

const isText = (field: string): boolean => field !== '' && parseNumber(field) === null

/**
 * The header that scikit-learn's own data sets have: number of samples, number of values, names of the classes;
 * the labels are the last column. Null for any other first row.
 */
function summaryHeader(first: readonly string[], second: readonly string[] | undefined): CsvLayout | null {
  const [samples, values, ...classNames] = first
  if (!/^\d+$/.test(samples) || second?.length !== Number(values) + 1) return null
  if (classNames.length === 0 || !classNames.every(isText) || second.some(isText)) return null
  const labelColumn = Number(values)
  return { headerRows: 1, columnCount: labelColumn + 1, labelColumn, classNames, inputCount: Number(samples) }
}

function findColumn(
  first: readonly string[],
  columnCount: number,
  labelColumn: string | undefined,
): number | null {
  const isIndex = labelColumn !== undefined && /^\d+$/.test(labelColumn)
  if (isIndex && Number(labelColumn) < columnCount) return Number(labelColumn)
  const byName = first.findIndex((name) =>
    labelColumn === undefined ? LABEL_NAME.test(name) : name === labelColumn,
  )
  if (byName >= 0 && !isIndex) return byName
  if (labelColumn === undefined || labelColumn === 'none') return null
  if (labelColumn === 'first') return 0
  if (labelColumn === 'last') return columnCount - 1
  const columns = `the columns are 0 to ${columnCount - 1}, or by name if the first row names them`
  throw new AtlasError('UNKNOWN_COLUMN', `There is no column "${labelColumn}" for the labels: ${columns}.`)
}
