import { randomBelow } from '../../compare/random.ts'
import { lengthOf } from './vectors.ts'

/** Random vectors of length 1, every direction equally likely; the same sequence each time for the same seed. */
export function randomDirections(dimension: number, seed = dimension): () => Float64Array {
  const below = randomBelow(seed)
  // Never 0, whose logarithm is none.
  const uniform = () => (below(2 ** 32) + 0.5) / 2 ** 32
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  return () => {
    const vector = Float64Array.from({ length: dimension }, normal)
    const scale = 1 / lengthOf(vector)
    return vector.map((value) => value * scale)
  }
}
