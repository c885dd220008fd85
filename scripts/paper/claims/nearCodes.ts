import { z } from 'zod'
import { above } from '../check.ts'
import type { Claim } from '../claim.ts'
import { estimate, share } from '../estimate.ts'
import { DIGIT_COUNTS } from '../labels.ts'
import { number, percent } from '../text.ts'

const near = z.array(z.object({ distance: z.int(), input: z.object({ label: z.int() }) })).nonempty()
const answer = z.object({
  dataset: z.object({
    inputs: z.object({
      nodes: z.array(z.object({ label: z.int(), trained: near, untrained: near })).nonempty(),
    }),
  }),
})
type Image = z.infer<typeof answer>['dataset']['inputs']['nodes'][number]
type Side = 'trained' | 'untrained'

const IMAGES = DIGIT_COUNTS.reduce((sum, count) => sum + count, 0)

/** How likely two images drawn at random are of one digit. */
const CHANCE = DIGIT_COUNTS.reduce((sum, count) => sum + (count * (count - 1)) / (IMAGES * (IMAGES - 1)), 0)

export const nearCodes: Claim = {
  title: 'Inputs that mean the same have near codes',
  section: '3.1',
  says: `Inputs of one meaning share polytopes, or lie in polytopes that are near each other, so that the distance of codes
is a measure of meaning.`,
  questions: [{ query: 'nearest-labels' }],
  read([data]) {
    const images = answer.parse(data).dataset.inputs.nodes
    const ranks = images[0].trained.map((_, rank) => rank)
    const line = (side: Side) =>
      ranks.map((rank) => {
        const { mean, low, high } = share(images.map((image) => alike(image, image[side][rank])))
        return { x: rank + 1, y: mean, low, high }
      })
    const [trained, untrained] = [agreement(images, 'trained'), agreement(images, 'untrained')]
    const gained = trained.map((value, i) => value - untrained[i])
    return {
      blocks: [
        `Of ${number(images.length)} images, the ${ranks.length} others with the nearest whole-network codes: after training
${percent(estimate(trained).mean)} of them are of the same digit, before training ${percent(estimate(untrained).mean)}, of two
images drawn at random ${percent(CHANCE)}. Random weights keep much of how alike two images look, so that the difference
to the untrained network says what training adds.`,
        {
          file: 'near-codes',
          plot: {
            kind: 'line',
            title: 'Near codes, and whether they are of one digit',
            description:
              'Share of images whose n-th nearest code belongs to an image of the same digit, with intervals.',
            xLabel: 'n-th nearest code',
            yLabel: 'share of the same digit',
            xTicks: ranks.map((rank) => ({ x: rank + 1, label: String(rank + 1) })),
            series: [
              { name: 'after training', points: line('trained') },
              { name: 'before training', points: line('untrained') },
              { name: 'by chance', points: ranks.map((rank) => ({ x: rank + 1, y: CHANCE })) },
            ],
          },
        },
      ],
      checks: [
        above(
          'Near codes are of the same digit more often than images at random (share)',
          estimate(trained),
          CHANCE,
        ),
        above('More often than before training: difference of shares above 0', estimate(gained)),
      ],
    }
  },
}

function alike(image: Image, other: Image[Side][number]): boolean {
  return other.input.label === image.label
}

/** Of each image, the share of its near ones that are of its digit. */
function agreement(images: readonly Image[], side: Side): number[] {
  return images.map((image) => {
    const same = image[side].filter((other) => alike(image, other))
    return same.length / image[side].length
  })
}
