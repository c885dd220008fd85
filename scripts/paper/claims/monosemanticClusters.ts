import { z } from 'zod'
import { above, exactlyAbove, exactlyBelow } from '../check.ts'
import type { Claim } from '../claim.ts'
import { estimate } from '../estimate.ts'
import type { BarPlot } from '../plot/types.ts'
import { number, percent } from '../text.ts'

const groups = z.object({
  partition: z.object({ siteCount: z.int() }),
  noiseMemberCount: z.int(),
  baselineLabelEntropy: z.number(),
  clusters: z.object({ nodes: z.array(z.object({ memberCount: z.int(), labelEntropy: z.number() })) }),
})
type Groups = z.infer<typeof groups>

const unit = z.object({
  labelEntropy: z.number(),
  baselineLabelEntropy: z.number(),
})
const answer = z.object({
  trained: groups,
  untrained: groups,
  network: z.object({
    layers: z.array(z.object({ index: z.int(), units: z.object({ nodes: z.array(unit) }) })),
  }),
})

/** Share of the entropy by chance that may be left where sets mean one thing. */
const LITTLE = 0.1

/** Share of the images that must lie in clusters for these to describe what the network does. */
const MOST = 0.5

export const monosemanticClusters: Claim = {
  title: 'Groups of polytopes mean one thing where neurons mean many',
  section: '3.1',
  says: `HDBSCAN on the codes of inputs finds groups of near polytopes whose inputs share a meaning, also where the neurons
that make the codes are polysemantic.`,
  questions: [{ query: 'clusters-and-units' }],
  read([data]) {
    const found = answer.parse(data)
    const { trained, untrained, network } = found
    const units = network.layers
      .flatMap((layer) => layer.units.nodes)
      .filter((unit) => unit.baselineLabelEntropy > 0)
    const ofUnits = estimate(units.map((unit) => unit.labelEntropy))
    const [after, before] = [entropies(trained), entropies(untrained)]
    const unitsByChance = estimate(units.map((unit) => unit.baselineLabelEntropy)).mean
    return {
      blocks: [
        {
          columns: [
            '',
            'sets',
            'images in them',
            'bits of label entropy, mean of the sets',
            'mean of the images',
            'by chance',
          ],
          rows: [
            ['clusters', ...sizes(trained), number(after.mean), ...overImages(trained)],
            ['clusters before training', ...sizes(untrained), number(before.mean), ...overImages(untrained)],
            ['units that fire', number(units.length), '', number(ofUnits.mean), '', number(unitsByChance)],
          ],
        },
        { file: 'monosemantic-clusters', plot: plotOf(found) },
        `Clusters are smaller sets than those for which a unit fires, and a small set is purer by chance: that is why what
chance gives stands beside each. The untrained network has ${number(untrained.clusters.nodes.length)} clusters, the greatest with
${number(Math.max(...untrained.clusters.nodes.map((cluster) => cluster.memberCount)))} images, so that the mean of its sets says less than that
of its images.`,
      ],
      checks: [
        above(
          'Units leave more of the entropy by chance than clusters do (share of it, bound: that of the clusters)',
          estimate(units.map((unit) => unit.labelEntropy / unit.baselineLabelEntropy)),
          left(trained),
        ),
        exactlyBelow(
          'Images in clusters are less mixed than by chance: share of the entropy by chance that is left',
          left(trained),
          LITTLE,
        ),
        exactlyAbove('Before training more of it is left (bound: after it)', left(untrained), left(trained)),
        exactlyAbove('More images than not lie in clusters (share)', covered(trained), MOST),
      ],
    }
  },
}

/** Clusters and units, each beside what chance gives. */
function plotOf({ trained, untrained, network }: z.infer<typeof answer>): BarPlot {
  const clusters = (label: string, groups: Groups) => ({
    label,
    values: [weighted(groups), groups.baselineLabelEntropy],
  })
  const units = network.layers.map((layer) => ({
    label: `units of layer ${layer.index}`,
    values: [
      estimate(layer.units.nodes.map((unit) => unit.labelEntropy)),
      estimate(layer.units.nodes.map((unit) => unit.baselineLabelEntropy)).mean,
    ],
  }))
  return {
    kind: 'bar',
    title: 'How mixed the digits of a set are',
    description: `Label entropy in bits: of the images in clusters, and of those for which a unit fires (mean of the units with its interval), beside what sets of these sizes have by chance.`,
    yLabel: 'bits',
    series: ['measured', 'by chance'],
    groups: [clusters('clusters', trained), clusters('untrained clusters', untrained), ...units],
  }
}

/** Mean over the sets, however large. */
function entropies({ clusters }: Groups) {
  return estimate(clusters.nodes.map((cluster) => cluster.labelEntropy))
}

/** Mean over the images in clusters. */
function weighted({ clusters }: Groups): number {
  const images = clusters.nodes.reduce((sum, cluster) => sum + cluster.memberCount, 0)
  return clusters.nodes.reduce((sum, cluster) => sum + cluster.memberCount * cluster.labelEntropy, 0) / images
}

/** How much of the entropy by chance is left. */
function left(groups: Groups): number {
  return weighted(groups) / groups.baselineLabelEntropy
}

function overImages(groups: Groups): string[] {
  return [number(weighted(groups)), number(groups.baselineLabelEntropy)]
}

function covered({ partition, noiseMemberCount }: Groups): number {
  return 1 - noiseMemberCount / partition.siteCount
}

function sizes(groups: Groups): string[] {
  return [number(groups.clusters.nodes.length), percent(covered(groups))]
}
