import { expect, it } from 'vitest'
import { raw } from '#atlas/src/store/database.js'
import { runJobs, useAtlas } from '../graphql/support/atlas.ts'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { buildMlp, uniform } from '../support/onnx.ts'

const SIZE = 20
const SAMPLES = 100_400

const { db } = useAtlas({ partitions: [] })

it.runIf(process.env.ATLAS_TEST === 'long')(
  'knows the rows of a large partition as soon as it is computed',
  async () => {
    const next = uniform(1)
    const values = Float32Array.from({ length: SAMPLES * SIZE }, () => 2 * next() - 1)
    await addDataset(db, 'many', values, SIZE)
    await addNetwork(db, 'wide', buildMlp({ sizes: [SIZE, 256, 4], seed: 1 }))
    await addPartition(db, 'wide/0..0@many')
    await runJobs(db)
    const estimates = await db.query<{ name: string; rows: number }>(
      raw(`select relname as name, reltuples::int4 as rows from pg_class
         where oid in ('region'::regclass, 'membership'::regclass, 'code'::regclass) order by 1`),
    )
    const [{ regions }] = await db.query<{ regions: number }>(
      raw('select region_count as regions from partition'),
    )
    expect(regions).toBeGreaterThan(100_000)
    expect(estimates).toEqual([
      { name: 'code', rows: regions },
      { name: 'membership', rows: SAMPLES },
      { name: 'region', rows: regions },
    ])
  },
)
