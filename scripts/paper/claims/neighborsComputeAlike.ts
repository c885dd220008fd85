import { z } from 'zod'
import { above } from '../check.ts'
import type { Claim } from '../claim.ts'
import { estimate } from '../estimate.ts'
import { intervalText, number } from '../text.ts'

const region = z.object({
  path: z.string(),
  code: z.object({ bits: z.string() }),
  labelCounts: z.array(z.object({ label: z.int(), count: z.int() })),
  affineMap: z.object({ matrix: z.array(z.array(z.number())) }),
  neighbors: z.object({
    edges: z.array(z.object({ region: z.object({ path: z.string() }).nullable() })),
  }),
})
type Region = z.infer<typeof region>
const answer = z.object({
  partition: z.object({ regions: z.object({ nodes: z.array(region).min(3) }) }),
})

/** How far two regions are: 0 where their maps (or labels) are equal, 1 for maps at right angles (or no common label). */
type Distance = (a: Region, b: Region) => number

export const neighborsComputeAlike: Claim = {
  title: 'Polytopes that touch compute alike',
  section: '2',
  says: `Polytopes that lie near each other share most of their neurons' states, so that their affine transformations are
similar: groups of near polytopes can stand for one computation.`,
  questions: [{ query: 'similar-maps' }],
  read([data]) {
    const regions = answer.parse(data).partition.regions.nodes
    const byMaps = nearer(regions, mapDistance)
    const byLabels = nearer(regions, labelDistance)
    const most = Math.max(...regions.flatMap((a) => regions.map((b) => bitsApart(a, b))))
    const distances = Array.from({ length: most }, (_, i) => i + 1)
    const line = (of: Distance) =>
      distances.flatMap((distance) => {
        const pairs = pairsOf(regions).filter(([a, b]) => bitsApart(a, b) === distance)
        return pairs.length === 0 ? [] : [{ x: distance, y: mean(pairs.map(([a, b]) => of(a, b))) }]
      })
    return {
      blocks: [
        `The ${number(regions.length)} greatest polytopes of the last layer: the distance of two maps is |A - B| / √(|A|² + |B|²) (0 for
equal maps, 1 for unrelated ones), that of two polytopes' labels half the sum of the differences of their shares. Of each
polytope, the mean distance to those across its faces beside that to all others: labels
${intervalText(estimate(byLabels.adjacent))} and ${intervalText(estimate(byLabels.others))}, maps
${intervalText(estimate(byMaps.adjacent))} and ${intervalText(estimate(byMaps.others))}.`,
        {
          file: 'neighbors-compute-alike',
          plot: {
            kind: 'line',
            title: 'Near polytopes, their maps and their labels',
            description:
              'Mean distance of the affine maps, and of the labels, of two polytopes of the last layer, by the number of units in which they differ.',
            xLabel: 'units that differ',
            yLabel: 'distance, 0 to 1',
            xTicks: distances.map((distance) => ({ x: distance, label: String(distance) })),
            series: [
              { name: 'affine maps', points: line(mapDistance) },
              { name: 'labels', points: line(labelDistance) },
            ],
          },
        },
        `That maps of one layer grow apart with the units that differ is so by construction: a unit adds a matrix of rank one. That
labels do is not.`,
      ],
      checks: [
        above('Maps across a face are nearer than others: difference above 0', gain(byMaps)),
        above('Labels across a face are nearer than others: difference above 0', gain(byLabels)),
      ],
    }
  },
}

interface Nearer {
  adjacent: number[]
  others: number[]
}

/** Of each region that has both: its mean distance to those across its faces, and to all others. */
function nearer(regions: readonly Region[], distance: Distance): Nearer {
  const result: Nearer = { adjacent: [], others: [] }
  for (const region of regions) {
    const across = new Set(region.neighbors.edges.flatMap((edge) => edge.region?.path ?? []))
    const rest = regions.filter((other) => other !== region)
    const adjacent = rest.filter((other) => across.has(other.path))
    const others = rest.filter((other) => !across.has(other.path))
    if (adjacent.length === 0 || others.length === 0) continue
    result.adjacent.push(mean(adjacent.map((other) => distance(region, other))))
    result.others.push(mean(others.map((other) => distance(region, other))))
  }
  return result
}

/** By how much nearer they are, region by region. */
function gain({ adjacent, others }: Nearer) {
  return estimate(adjacent.map((value, i) => others[i] - value))
}

function mapDistance(a: Region, b: Region): number {
  const [x, y] = [a.affineMap.matrix.flat(), b.affineMap.matrix.flat()]
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0)
  return Math.sqrt(squares(x.map((value, i) => value - y[i])) / (squares(x) + squares(y)))
}

function labelDistance(a: Region, b: Region): number {
  const labels = new Set([...a.labelCounts, ...b.labelCounts].map(({ label }) => label))
  const differences = [...labels].map((label) => Math.abs(shareOf(a, label) - shareOf(b, label)))
  return differences.reduce((sum, value) => sum + value, 0) / 2
}

function shareOf({ labelCounts }: Region, label: number): number {
  const all = labelCounts.reduce((sum, { count }) => sum + count, 0)
  return (labelCounts.find((one) => one.label === label)?.count ?? 0) / all
}

function bitsApart(a: Region, b: Region): number {
  return [...a.code.bits].filter((bit, i) => bit !== b.code.bits[i]).length
}

function pairsOf(regions: readonly Region[]): [Region, Region][] {
  return regions.flatMap((a, i) => regions.slice(i + 1).map((b): [Region, Region] => [a, b]))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
