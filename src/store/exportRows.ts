/** All regions and memberships of a partition as flat rows, read batch by batch in the order of their keys. */
import { AtlasError } from '../../compute/errors.ts'
import { raw, sql, type Database } from './database.ts'

/** A region as it is exported; the words are those of the GraphQL schema. */
export interface ExportedRegion {
  /** Path of the partition. */
  partition: string
  /** Counts regions in order of first appearance in the dataset; memberships refer to it. */
  region: number
  /** 32 hexadecimal digits; with the partition's path it makes the region's path. */
  codeHash: string
  bitCount: number
  /** The code's bytes in hexadecimal; bit 0 is the lowest bit of the first byte. */
  code: string
  memberCount: number
  activeBitCount: number
  exemplarInput: number
  exemplarPosition: number
  /** Most frequent label; null where the dataset has none. */
  label: number | null
  /** Distinct labels of the members, ascending, and how many members have each. */
  labels: number[]
  labelCounts: number[]
  labelEntropy: number
  purity: number
  margin: number
}

/** The region of one site. */
export interface ExportedMembership {
  partition: string
  /** Index of the input in its dataset. */
  input: number
  position: number
  region: number
  /** Label of the input. */
  label: number | null
  margin: number
}

/** What to export: a computed partition and its path. */
export interface ExportSubject {
  id: number
  path: string
  datasetId: number
  bitCount: number
  regionCount: number
  siteCount: number
}

/** Bytes of text a batch of regions holds at most, unless one region is larger. */
const BATCH_BYTES = 4 << 20
const MAX_BATCH_ROWS = 8192

/** Regions of one batch: their codes travel as hexadecimal digits. */
export function regionsABatch(bitCount: number): number {
  return Math.max(1, Math.min(MAX_BATCH_ROWS, Math.floor(BATCH_BYTES / (bitCount / 4 + 256))))
}

const REGION_COLUMNS = raw(`r.index as region, replace(r.code_hash::text, '-', '') as "codeHash",
  r.bit_count as "bitCount", encode(c.bits, 'hex') as code, r.member_count as "memberCount",
  r.active_bit_count as "activeBitCount", r.exemplar_input as "exemplarInput",
  r.exemplar_position as "exemplarPosition", r.label, r.labels, r.label_counts as "labelCounts",
  r.label_entropy as "labelEntropy", r.purity, r.margin`)

/** Batches of regions. Throws PARTITION_DELETED where rows vanish meanwhile, rather than leave some out. */
export async function* exportRegions(db: Database, subject: ExportSubject): AsyncGenerator<ExportedRegion[]> {
  const { id, path: partition, bitCount, regionCount } = subject
  const size = regionsABatch(bitCount)
  for (let from = 0; from < regionCount; from += size) {
    const rows = await db.query<Omit<ExportedRegion, 'partition'>>(
      sql`select ${REGION_COLUMNS} from region r
          join code c on c.hash = r.code_hash and c.bit_count = r.bit_count
          where r.partition_id = ${id} and r.index >= ${from} and r.index < ${from + size}
          order by r.index`,
    )
    if (rows.length !== Math.min(size, regionCount - from)) throw deleted(partition)
    yield rows.map((row) => ({ partition, ...row }))
  }
}

/** Batches of memberships. Throws PARTITION_DELETED as `exportRegions` does. */
export async function* exportMemberships(
  db: Database,
  subject: ExportSubject,
): AsyncGenerator<ExportedMembership[]> {
  const { id, path: partition, datasetId, siteCount } = subject
  let after = { input: -1, position: 0 }
  for (let done = 0; done < siteCount;) {
    const rows = await db.query<Omit<ExportedMembership, 'partition'>>(
      sql`select m.input_index as input, m.position, m.region, i.label, m.margin
          from membership m join input i on i.dataset_id = ${datasetId} and i.index = m.input_index
          where m.partition_id = ${id} and (m.input_index, m.position) > (${after.input}::int4, ${after.position}::int4)
          order by m.input_index, m.position limit ${MAX_BATCH_ROWS}`,
    )
    const last = rows.at(-1)
    if (!last) throw deleted(partition)
    after = last
    done += rows.length
    yield rows.map((row) => ({ partition, ...row }))
  }
}

function deleted(path: string): AtlasError {
  return new AtlasError(
    'PARTITION_DELETED',
    `The partition "${path}" was deleted while it was read: nothing was kept of the export.`,
  )
}
