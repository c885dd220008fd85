import { sql } from './database.ts'

/**
 * Deletes the codes of the temporary table `candidate` (code_hash, bit_count) that no region has and no facet leads
 * to. Under `codeRemoverLock`.
 */
export const deleteUnusedCandidates = sql`
  delete from code c using candidate x where c.hash = x.code_hash and c.bit_count = x.bit_count
    and not exists (select from region r where r.code_hash = c.hash and r.bit_count = c.bit_count)
    and not exists (select from region_facet f where f.code_hash = c.hash and f.bit_count = c.bit_count)
    and not exists (select from complex_region r where r.code_hash = c.hash and r.bit_count = c.bit_count)`
