import { raw, type Sql } from './database.ts'
import type { RegionRow } from './models.ts'

/** A region's columns as a RegionRow has them; its table is `r`. */
const EXPRESSIONS = {
  partitionId: 'r.partition_id',
  index: 'r.index',
  codeHash: `replace(r.code_hash::text, '-', '')`,
  bitCount: 'r.bit_count',
  memberCount: 'r.member_count',
  activeBitCount: 'r.active_bit_count',
  exemplarInput: 'r.exemplar_input',
  exemplarPosition: 'r.exemplar_position',
  label: 'r.label',
  labels: 'r.labels',
  labelCounts: 'r.label_counts',
  labelEntropy: 'r.label_entropy',
  purity: 'r.purity',
  margin: 'r.margin',
  bits: '(select c.bits from code c where c.hash = r.code_hash and c.bit_count = r.bit_count)',
} satisfies Record<keyof RegionRow, string>

/** A column of a region, or the bits of its code, which are read from another table. */
export type RegionColumn = keyof typeof EXPRESSIONS

const NAMES = Object.keys(EXPRESSIONS).filter((name) => isColumn(name))
/** Columns that name a region; they are in every list. */
const KEY: readonly RegionColumn[] = ['partitionId', 'index']

function isColumn(name: string): name is RegionColumn {
  return Object.hasOwn(EXPRESSIONS, name)
}

const lists = new Map<string, Sql>()

/**
 * The select list of some columns of a region, always the same object for the same ones. Rows of it have these alone,
 * and the region's key: it is for those who know what will be read.
 */
export function regionColumns(columns: Iterable<RegionColumn>): Sql {
  const wanted = new Set<RegionColumn>([...KEY, ...columns])
  const text = NAMES.filter((name) => wanted.has(name))
    .map((name) => `${EXPRESSIONS[name]} as "${name}"`)
    .join(', ')
  let list = lists.get(text)
  if (!list) lists.set(text, (list = raw(text)))
  return list
}

/** Nothing but a region's key. */
export const REGION_KEY = regionColumns([])

/** All of a region's columns, without its code's bits. */
export const REGION_COLUMNS = regionColumns(NAMES.filter((name) => name !== 'bits'))
