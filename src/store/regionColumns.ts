import { raw } from './database.ts'

/** A region's columns as a RegionRow has them; its table is `r`. */
export const REGION_COLUMNS =
  raw(`r.partition_id as "partitionId", r.index, replace(r.code_hash::text, '-', '') as "codeHash",
  r.bit_count as "bitCount", r.member_count as "memberCount", r.active_bit_count as "activeBitCount",
  r.exemplar_input as "exemplarInput", r.exemplar_position as "exemplarPosition", r.label, r.labels,
  r.label_counts as "labelCounts", r.label_entropy as "labelEntropy", r.purity, r.margin`)
