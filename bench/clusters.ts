/**
 * Clusters of codes beside their lower limit, all pairs of codes once, counted by the same kernels on all threads in the
 * same run. Codes are 1,024 bits each around 200 centres, 10 % of which are flipped: neither random nor all alike.
 */
import { clusterCodes, type CodeMetric } from '../compute/cluster/index.ts'
import { nearestCodes } from '../compute/neighbors/index.ts'
import { kernels } from '../compute/kernels/index.ts'
import { randomCodes, rounded, seconds, type Row } from './report.ts'

const ROWS = 70_000
const BIT_COUNT = 1024
const CENTRES = 200

export async function benchClusters(): Promise<Row[]> {
  const codes = codesAroundCentres()
  const pass = await seconds(() =>
    nearestCodes({ queries: codes, base: codes, bitCount: BIT_COUNT, self: true, k: 4 }),
  )
  const rows: Row[] = []
  for (const metric of ['HAMMING', 'JACCARD'] as const) rows.push(await measure(codes, metric, pass))
  return rows
}

async function measure(codes: Uint8Array, metric: CodeMetric, pass: number): Promise<Row> {
  let blockedMs = 0
  let last = performance.now()
  const watch = setInterval(() => {
    blockedMs = Math.max(blockedMs, performance.now() - last)
    last = performance.now()
  }, 1)
  let clusters = 0
  const taken = await seconds(async () => {
    const input = { codes, bitCount: BIT_COUNT, metric, minClusterSize: 5, minSamples: 5 }
    clusters = (await clusterCodes(input)).clusterCount
  })
  clearInterval(watch)
  return {
    clustering: `${ROWS} x ${BIT_COUNT} bits, ${metric}`,
    backend: kernels().name,
    seconds: rounded(taken),
    clusters,
    nearestSeconds: rounded(pass),
    ratioToNearest: rounded(taken / pass),
    blockedMs: Math.round(blockedMs),
  }
}

function codesAroundCentres(): Uint8Array {
  const stride = BIT_COUNT / 8
  const centres = randomCodes(CENTRES, BIT_COUNT)
  const codes = new Uint8Array(ROWS * stride)
  for (let row = 0; row < ROWS; row++) {
    const centre = (row % CENTRES) * stride
    for (let byte = 0; byte < stride; byte++) {
      let flips = 0
      for (let bit = 0; bit < 8; bit++) if (Math.random() < 0.1) flips |= 1 << bit
      codes[row * stride + byte] = centres[centre + byte] ^ flips
    }
  }
  return codes
}
