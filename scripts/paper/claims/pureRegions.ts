import { z } from 'zod'
import { above, below } from '../check.ts'
import type { Claim } from '../claim.ts'
import { difference, estimate } from '../estimate.ts'
import { entropyByChance } from '../labels.ts'
import { number } from '../text.ts'

const regions = z.object({
  labelEntropy: z.number(),
  regions: z.object({
    totalCount: z.int(),
    nodes: z.array(z.object({ memberCount: z.int(), labelEntropy: z.number() })).nonempty(),
  }),
})
type Regions = z.infer<typeof regions>
const answer = z.object({ trained: regions, untrained: regions })

export const pureRegions: Claim = {
  title: 'Single polytopes hold inputs of one meaning',
  section: '3.1',
  says: `Inputs that share a polytope go through the same transformation, and should be alike in meaning: polytopes of a
layer are purer than chance, and training makes them so.`,
  questions: [{ query: 'pure-regions' }],
  read([data]) {
    const { trained, untrained } = answer.parse(data)
    const [after, before] = [entropies(trained), entropies(untrained)]
    const [byChance, byChanceBefore] = [chance(trained), chance(untrained)]
    return {
      blocks: [
        {
          columns: ['', 'polytopes of at least 20 images', 'bits of label entropy', 'by chance'],
          rows: [
            ['after training', number(trained.regions.totalCount), number(after.mean), number(byChance)],
            [
              'before training',
              number(untrained.regions.totalCount),
              number(before.mean),
              number(byChanceBefore),
            ],
          ],
        },
        {
          file: 'pure-regions',
          plot: {
            kind: 'bar',
            title: 'How mixed the digits of a polytope of the last layer are',
            description:
              'Label entropy in bits, mean of the polytopes that hold at least 20 images, with its interval, beside what sets of these sizes have by chance.',
            yLabel: 'bits',
            series: ['measured', 'by chance'],
            groups: [
              { label: 'after training', values: [after, byChance] },
              { label: 'before training', values: [before, byChanceBefore] },
            ],
          },
        },
        `The last layer has 16 units, too few to tell ten digits apart in every polytope: what follows the layer still
separates images of one polytope.`,
      ],
      checks: [
        below('Polytopes are purer than sets of their sizes drawn at random (bits)', after, byChance),
        above('Purer than before training: difference in bits above 0', difference(before, after)),
      ],
    }
  },
}

function entropies({ regions }: Regions) {
  return estimate(regions.nodes.map((region) => region.labelEntropy))
}

function chance({ regions }: Regions): number {
  return estimate(regions.nodes.map((region) => entropyByChance(region.memberCount))).mean
}
