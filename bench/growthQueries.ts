/** The typical queries of the benchmark of growth, over HTTP, each time about other regions. */
import { tmpdir } from 'node:os'
import { startServer, uploadsFolder } from '../src/http/server.ts'
import { createLogger } from '../src/log.ts'
import { sql, type Database } from '../src/store/database.ts'
import { encodeCursor } from '../src/store/page.ts'
import { rounded, seconds, type Row } from './report.ts'

const PARTITION = 'made/0..0@samples'
const TWIN = 'made/0..0@twin'

/** Runs of a query that are counted, behind a tenth as many that are not. */
const RUNS = 200
/** A scan reads the codes of the whole partition. */
const SCANS = 10

interface Question {
  name: string
  query: string
  /** Its variables for the i-th run. */
  variables: (run: number) => object
  runs: number
}

/** The partition of `made` on `samples`, and that of its first samples. */
export interface Asked {
  id: number
  twinId: number
}

/** p50 and p95 of each question, in milliseconds. */
export async function measureQueries(db: Database, asked: Asked): Promise<Row> {
  const log = createLogger({ logLevel: 'error' }, 'bench')
  const server = await startServer(db, { port: 0, host: '127.0.0.1', uploads: uploadsFolder(tmpdir()) }, log)
  try {
    return await measureAt(server.url, await questions(db, asked))
  } finally {
    await server.close()
  }
}

async function measureAt(url: string, list: readonly Question[]): Promise<Row> {
  const row: Row = {}
  for (const { name, query, variables, runs } of list) {
    const times: number[] = []
    const warmUp = Math.ceil(runs / 10)
    let first = 0
    for (let run = 0; run < warmUp + runs; run++) {
      const time = await seconds(() => ask(url, query, variables(run)))
      if (run === 0) first = 1000 * time
      if (run >= warmUp) times.push(1000 * time)
    }
    times.sort((a, b) => a - b)
    row[`${name}FirstMs`] = rounded(first)
    row[`${name}P50Ms`] = rounded(times[Math.ceil(0.5 * runs) - 1])
    row[`${name}P95Ms`] = rounded(times[Math.ceil(0.95 * runs) - 1])
  }
  return row
}

async function questions(db: Database, { id, twinId }: Asked): Promise<Question[]> {
  const paths = await regionPaths(db, id)
  const twins = await regionPaths(db, twinId)
  const [{ stored, regionCount }] = await db.query<{ stored: boolean; regionCount: number }>(
    sql`select neighbor_count is not null as stored, region_count as "regionCount" from partition
        where id = ${id}`,
  )
  const some = (list: readonly string[], prefix: string) => (run: number) => ({
    path: `${prefix}/${list[run % list.length]}`,
  })
  const list: Question[] = [
    { name: 'firstRegions', query: FIRST_REGIONS, variables: () => ({ path: PARTITION }), runs: RUNS },
    {
      name: 'deepPage',
      query: FIRST_REGIONS,
      variables: () => ({
        path: PARTITION,
        after: encodeCursor(['1', String(Math.floor(Math.random() * regionCount))]),
      }),
      runs: RUNS,
    },
    { name: 'regionByPath', query: REGION, variables: some(paths, PARTITION), runs: RUNS },
    { name: 'sharedCode', query: SHARED_CODE, variables: some(twins, TWIN), runs: RUNS },
    { name: 'neighborScan', query: neighborsQuery(20), variables: some(paths, PARTITION), runs: SCANS },
  ]
  if (stored)
    list.push({
      name: 'storedNeighbors',
      query: neighborsQuery(15),
      variables: some(paths, PARTITION),
      runs: RUNS,
    })
  return list
}

const FIRST_REGIONS = `query ($path: String!, $after: String) {
  partition(path: $path) {
    regions(first: 50, orderBy: MEMBER_COUNT_DESC, after: $after) {
      totalCount nodes { path memberCount labelEntropy labelCounts { className count } } pageInfo { hasNextPage endCursor }
    }
  }
}`

const REGION = `query ($path: String!) {
  entity(path: $path) {
    ... on Region { memberCount margin code { bits } members(first: 20) { edges { node { index label } } } }
  }
}`

const SHARED_CODE = `query ($path: String!) {
  entity(path: $path) {
    ... on Region { code { hash regions(first: 20) { totalCount nodes { path memberCount } } } }
  }
}`

const neighborsQuery = (first: number) => `query ($path: String!) {
  entity(path: $path) { ... on Region { neighbors(first: ${first}) { edges { distance node { path } } } } }
}`

/** The last parts of the paths of some hundred random regions. */
async function regionPaths(db: Database, partitionId: number): Promise<string[]> {
  const rows = await db.query<{ hash: string }>(
    sql`select replace(code_hash::text, '-', '') as hash from region
        where partition_id = ${partitionId} and index = any(
          select (random() * (t.region_count - 1))::int4 from partition t, generate_series(1, ${RUNS}::int4)
          where t.id = ${partitionId})`,
  )
  return rows.map(({ hash }) => hash)
}

/** Throws where there is no answer: an error would be measured as a fast one. */
async function ask(url: string, query: string, variables: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const text = await response.text()
  if (/"errors"|\{"data":\{"\w+":null/.test(text)) throw new Error(`no answer: ${text.slice(0, 1000)}`)
}
