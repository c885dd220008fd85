import { expectedXLogX } from '../../compute/compare/hypergeometric.ts'

/** Images of each digit in MNIST's test set: with two of these the chance level of a set of images can be told. */
export const DIGIT_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
const IMAGES = DIGIT_COUNTS.reduce((sum, count) => sum + count, 0)

/** What the entropy of the labels of so many images, drawn at random, would be on average, in bits. Exact. */
export function entropyByChance(images: number): number {
  const sum = DIGIT_COUNTS.reduce((sum, count) => sum + expectedXLogX(IMAGES, images, count), 0)
  return Math.max(0, (Math.log(images) - sum / images) / Math.LN2)
}
