import { z } from 'zod'
import { exactlyAbove, exactlyBelow } from '../check.ts'
import type { Claim } from '../claim.ts'
import { number, percent } from '../text.ts'

const cut = z.object({
  fromLayer: z.object({ index: z.int() }),
  toLayer: z.object({ index: z.int() }),
  bitCount: z.int(),
  siteCount: z.int(),
  regionCount: z.int(),
  alone: z.object({ totalCount: z.int() }),
})
type Cut = z.infer<typeof cut>
const network = z.object({ partitions: z.object({ nodes: z.array(cut).min(2) }) })
const answer = z.object({ trained: network, untrained: network })

export const deepCodesAreUnique: Claim = {
  title: 'Polytopes are too many to be looked at one by one',
  section: '2',
  says: `The number of polytopes grows so fast with units and layers that nearly every input has one of its own when the whole
network counts; what can be described are groups of near ones.`,
  questions: [{ query: 'regions-by-depth' }],
  read([data]) {
    const { trained, untrained } = answer.parse(data)
    const cuts = byStart(trained.partitions.nodes)
    const before = byStart(untrained.partitions.nodes)
    const [whole, ...layers] = cuts
    const deepest = layers[layers.length - 1]
    return {
      blocks: [
        {
          columns: [
            'layers',
            'bits',
            'polytopes that hold images',
            'images alone in theirs',
            'before training',
          ],
          rows: cuts.map((one, i) => [
            nameOf(one),
            number(one.bitCount),
            number(one.regionCount),
            percent(one.alone.totalCount / one.siteCount),
            number(before[i].regionCount),
          ]),
        },
        {
          file: 'deep-codes-are-unique',
          plot: {
            kind: 'bar',
            title: 'Polytopes that hold images, of all that images could hold',
            description:
              'Number of occupied polytopes over the number of images, by the layers that cut, after training and before.',
            yLabel: 'polytopes an image',
            series: ['after training', 'before training'],
            groups: cuts.map((one, i) => ({
              label: nameOf(one),
              values: [occupied(one), occupied(before[i])],
            })),
          },
        },
      ],
      checks: [
        exactlyAbove(
          'All layers: nearly every image is alone (share)',
          whole.alone.totalCount / whole.siteCount,
          0.9,
        ),
        exactlyBelow('The last layer alone is shared (polytopes an image)', occupied(deepest), 0.1),
        exactlyAbove(
          'All layers have more polytopes with images than any one of them (ratio)',
          whole.regionCount / Math.max(...layers.map((layer) => layer.regionCount)),
          1,
        ),
      ],
    }
  },
}

/** The whole network first, then the layers. */
function byStart(cuts: readonly Cut[]): Cut[] {
  const length = ({ fromLayer, toLayer }: Cut) => toLayer.index - fromLayer.index
  return [...cuts].sort((a, b) => length(b) - length(a) || a.fromLayer.index - b.fromLayer.index)
}

function nameOf({ fromLayer, toLayer }: Cut): string {
  return fromLayer.index === toLayer.index ? `layer ${fromLayer.index}` : 'all layers'
}

function occupied({ regionCount, siteCount }: Cut): number {
  return regionCount / siteCount
}
