import { z } from 'zod'
import { exactlyAbove, exactlyBelow } from '../check.ts'
import type { Claim } from '../claim.ts'
import type { BarPlot } from '../plot/types.ts'
import { number, percent } from '../text.ts'

const family = z.enum(['UNIT', 'PRINCIPAL_COMPONENT', 'NON_NEGATIVE_FACTOR', 'CHANCE'])
const sets = z.object({
  clustering: z.object({ path: z.string() }).nullable(),
  setCount: z.int(),
  siteCount: z.int(),
  labelEntropy: z.number(),
  directions: z.array(
    z.object({
      family,
      labelEntropy: z.number().nullable(),
      leastLabelEntropy: z.number().nullable(),
    }),
  ),
})
type Sets = z.infer<typeof sets>
type Family = z.infer<typeof family>

const partition = z
  .object({ directionSets: z.tuple([z.object({ monosemanticity: z.array(sets) })]) })
  .transform(({ directionSets: [{ monosemanticity }] }) => monosemanticity)
const answer = z.object({ trained: partition, untrained: partition, lastLayer: partition })

const NAMES: Record<Family, string> = {
  UNIT: 'units',
  PRINCIPAL_COMPONENT: 'principal components',
  NON_NEGATIVE_FACTOR: 'non-negative factors',
  CHANCE: 'images at random',
}

/** The clusters of codes, or the regions of two images or more. */
function setsOf(rows: readonly Sets[], of: 'clusters' | 'regions'): Sets {
  const found = rows.find(({ clustering }) =>
    of === 'regions' ? clustering === null : clustering?.path.includes('clusters:hamming'),
  )
  if (found) return found
  throw new Error(`The answer has no ${of}.`)
}

function entropyOf({ directions }: Sets, wanted: Family): number {
  return directions.find(({ family }) => family === wanted)?.labelEntropy ?? 0
}

/** What the best direction of any family leaves, chosen for each size with the labels in view. */
function bestOf({ directions }: Sets): number {
  const known = directions.filter(({ family }) => family !== 'CHANCE')
  return Math.min(...known.map(({ leastLabelEntropy }) => leastLabelEntropy ?? Infinity))
}

export const clustersBesideDirections: Claim = {
  title: 'Polytope regions are less mixed than directions',
  section: '3.1',
  says: `What single neurons and other directions mix, regions of polytopes hold apart: they are the more monosemantic units
of description.`,
  questions: [{ query: 'monosemanticity' }],
  read([data]) {
    const { trained, untrained, lastLayer } = answer.parse(data)
    const clusters = setsOf(trained, 'clusters')
    const before = setsOf(untrained, 'clusters')
    const regions = setsOf(lastLayer, 'regions')
    const columns: [string, Sets][] = [
      ['clusters of all layers', clusters],
      ['clusters before training', before],
      ['polytopes of the last layer', regions],
    ]
    const families = Object.keys(NAMES).map((name) => family.parse(name))
    const below = (of: Sets, name: string, wanted: Family) =>
      exactlyBelow(
        `${name}: less mixed than ${NAMES[wanted]} (bits, bound: theirs)`,
        of.labelEntropy,
        entropyOf(of, wanted),
      )
    return {
      blocks: [
        `Bits of label entropy in a set, each set counted by its images. A direction picks as many images as a set has: those at
which it is greatest.`,
        {
          columns: ['', ...columns.map(([name]) => name)],
          rows: [
            ['sets', ...columns.map(([, of]) => `${number(of.setCount)} of ${number(of.siteCount)} images`)],
            ['label entropy', ...columns.map(([, of]) => number(of.labelEntropy))],
            ...families.map((one) => [
              `of ${NAMES[one]}`,
              ...columns.map(([, of]) => number(entropyOf(of, one))),
            ]),
            ['of the best direction of each size', ...columns.map(([, of]) => number(bestOf(of)))],
          ],
        },
        { file: 'clusters-beside-directions', plot: plotOf(columns, families) },
        `The images in clusters are ${percent(clusters.siteCount / 10_000)} of all: HDBSCAN leaves out those that lie in no group, while directions
pick from all images.`,
      ],
      checks: [
        below(clusters, 'Clusters of all layers', 'UNIT'),
        below(clusters, 'Clusters of all layers', 'PRINCIPAL_COMPONENT'),
        below(clusters, 'Clusters of all layers', 'NON_NEGATIVE_FACTOR'),
        exactlyBelow(
          'Clusters of all layers: less mixed than the best direction of each size (bits, bound: its)',
          clusters.labelEntropy,
          bestOf(clusters),
        ),
        exactlyAbove(
          'Before training they are more mixed (bits, bound: after it)',
          before.labelEntropy,
          clusters.labelEntropy,
        ),
        below(regions, 'Polytopes of the last layer', 'UNIT'),
      ],
    }
  },
}

function plotOf(columns: readonly [string, Sets][], families: readonly Family[]): BarPlot {
  return {
    kind: 'bar',
    title: 'How mixed sets of the same sizes are',
    description:
      'Label entropy in bits of clusters and polytopes, and of the images at which units, components, factors and random orders are greatest, at the same sizes.',
    yLabel: 'bits',
    series: ['the sets', ...families.map((one) => NAMES[one])],
    groups: columns.map(([label, of]) => ({
      label,
      values: [of.labelEntropy, ...families.map((one) => entropyOf(of, one))],
    })),
  }
}
