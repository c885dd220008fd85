import { z } from 'zod'
import { exactlyAbove, exactlyBelow } from '../check.ts'
import type { Claim } from '../claim.ts'
import { number } from '../text.ts'

const vector = z.array(z.number()).nonempty()
const region = z.object({
  memberCount: z.int(),
  affineMap: z.object({ rank: z.int(), norm: z.number(), matrix: z.array(vector), bias: vector }),
  members: z.object({
    nodes: z.array(z.object({ values: vector, prediction: z.object({ scores: vector }) })).nonempty(),
  }),
})
type Region = z.infer<typeof region>
type Image = Region['members']['nodes'][number]
const answer = z.object({
  partition: z.object({ regions: z.object({ nodes: z.array(region).min(2) }) }),
})

/** The scores come from float32 inference, the maps are float64: this much is rounding. */
const ROUNDING = 1e-3

export const affineInside: Claim = {
  title: 'Inside a polytope the network is one affine map',
  section: '2',
  says: `A network of piecewise linear gates applies one and the same affine transformation to all inputs of a polytope, and
others elsewhere.`,
  questions: [{ query: 'affine-map' }],
  read([data]) {
    const regions = answer.parse(data).partition.regions.nodes
    const own = regions.map((region) => worst(region, region.members.nodes))
    const others = regions.map((region, i) =>
      Math.min(...regions[(i + 1) % regions.length].members.nodes.map((image) => error(region, image))),
    )
    return {
      blocks: [
        `The affine map of each of the ${number(regions.length)} greatest polytopes of all layers, applied to the images in it, and
to those of the next polytope of the list: how far the scores are from what the network says.`,
        {
          columns: ['images', 'rank of the map', 'its norm', 'greatest error inside', 'least error outside'],
          rows: regions.map(({ memberCount, affineMap }, i) => [
            number(memberCount),
            number(affineMap.rank),
            number(affineMap.norm),
            number(own[i]),
            number(others[i]),
          ]),
        },
      ],
      checks: [
        exactlyBelow('Inside, no score is further off than float32 rounds', Math.max(...own), ROUNDING),
        exactlyAbove('Outside, the nearest scores are further off than that', Math.min(...others), ROUNDING),
      ],
    }
  },
}

/** The greatest error of a region's map over some images. */
function worst(region: Region, images: readonly Image[]): number {
  return Math.max(...images.map((image) => error(region, image)))
}

/** The greatest difference of A x + b from the stored scores. */
function error({ affineMap }: Region, { values, prediction }: Image): number {
  const errors = affineMap.matrix.map((row, output) => {
    const score = row.reduce((sum, weight, i) => sum + weight * values[i], affineMap.bias[output])
    return Math.abs(score - prediction.scores[output])
  })
  return Math.max(...errors)
}
