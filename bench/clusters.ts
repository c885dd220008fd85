/**
 * Clusters of codes beside their lower limit, all pairs of codes once, counted by the same kernels on all threads in the
 * same run; and of activations beside all their products once, on one core. Codes are 1,024 bits each around 200 centres,
 * 10 % of which are flipped: neither random nor all alike. Activations are 112 of 40 groups of rising spread, as many as
 * the sample's narrow networks have.
 */
import { clusterCodes, clusterPoints } from '../compute/cluster/index.ts'
import { withProducts } from '../compute/linear/index.ts'
import { nearestCodes } from '../compute/neighbors/index.ts'
import { kernels } from '../compute/kernels/index.ts'
import { codesAroundCentres, rounded, seconds, type Row } from './report.ts'

const ROWS = 70_000
const BIT_COUNT = 1024
const CENTRES = 200
const DIMENSIONS = 112
const GROUPS = 40
const SIZES = { minClusterSize: 5, minSamples: 5 }

export async function benchClusters(): Promise<Row[]> {
  const codes = codesAroundCentres(ROWS, BIT_COUNT, CENTRES)
  const pass = await seconds(() =>
    nearestCodes({ queries: codes, base: codes, bitCount: BIT_COUNT, self: true, k: 4 }),
  )
  const rows: Row[] = []
  for (const metric of ['HAMMING', 'JACCARD'] as const) {
    const run = () => clusterCodes({ codes, bitCount: BIT_COUNT, metric, ...SIZES })
    rows.push({ clustering: `${ROWS} x ${BIT_COUNT} bits, ${metric}`, ...(await measure(run, pass)) })
  }
  const values = activationsInGroups()
  const products = await seconds(() => allProducts(values))
  const run = () => clusterPoints({ values, rows: ROWS, columns: DIMENSIONS, ...SIZES })
  const clustering = `${ROWS} x ${DIMENSIONS} activations, EUCLIDEAN`
  return [...rows, { clustering, ...(await measure(run, products)) }]
}

async function measure(run: () => Promise<{ clusterCount: number }>, limit: number): Promise<Row> {
  let blockedMs = 0
  let last = performance.now()
  const watch = setInterval(() => {
    blockedMs = Math.max(blockedMs, performance.now() - last)
    last = performance.now()
  }, 1)
  let clusters = 0
  const taken = await seconds(async () => {
    clusters = (await run()).clusterCount
  })
  clearInterval(watch)
  return {
    backend: kernels().name,
    seconds: rounded(taken),
    clusters,
    limitSeconds: rounded(limit),
    ratioToLimit: rounded(taken / limit),
    blockedMs: Math.round(blockedMs),
  }
}

function activationsInGroups(): Float64Array {
  const centres = Array.from({ length: GROUPS * DIMENSIONS }, () => 2 * Math.random())
  const bump = () => Math.random() + Math.random() + Math.random() - 1.5
  return Float64Array.from({ length: ROWS * DIMENSIONS }, (_, i) => {
    const group = Math.floor(i / DIMENSIONS) % GROUPS
    const spread = 0.2 + (0.6 * group) / GROUPS
    return Math.max(0, centres[group * DIMENSIONS + (i % DIMENSIONS)] + spread * bump())
  })
}

/** Every point times every other, in float64. */
async function allProducts(values: Float64Array): Promise<void> {
  const rows = 1000
  const part = (at: number) => ({
    values: values.subarray(at * rows * DIMENSIONS, (at + 1) * rows * DIMENSIONS),
    ...{ rows, columns: DIMENSIONS },
  })
  await withProducts(async (products) => {
    for (let a = 0; a < ROWS / rows; a++) {
      for (let b = 0; b < ROWS / rows; b++) await products.float64(part(a), part(b), 'SECOND')
    }
  })
}
