import type { Database } from '../store/database.ts'
import { readRegionOfSites } from '../store/memberships.ts'
import { dimensionsOf, readActivations } from './activations.ts'
import { readSubject } from './partitionSubject.ts'

/** A point for each region. */
export interface RegionPoints {
  /** Rows x columns. */
  values: Float64Array
  rows: number
  columns: number
}

/** The mean activations of the sites of each region of a partition, see `readActivations`. */
export async function meanActivations(
  db: Database,
  partitionId: number,
  signal: AbortSignal,
): Promise<RegionPoints> {
  const subject = await readSubject(db, partitionId)
  const columns = dimensionsOf(subject)
  const rows = subject.partition.regionCount
  const regionOfSite = await readRegionOfSites(db, partitionId)
  const values = new Float64Array(rows * columns)
  const sites = new Int32Array(rows)
  for await (const part of readActivations(db, subject, signal)) {
    for (let site = part.firstSite, from = 0; from < part.values.length; site++, from += columns) {
      const region = regionOfSite[site]
      sites[region]++
      for (let column = 0; column < columns; column++)
        values[region * columns + column] += part.values[from + column]
    }
  }
  for (let region = 0; region < rows; region++) {
    for (let column = 0; column < columns; column++) values[region * columns + column] /= sites[region]
  }
  return { values, rows, columns }
}
