/** The network's scores at a place of a segment. */
export interface Output {
  t: number
  scores: readonly number[]
}

/** The softmax of the scores at a place: between two places of the answer each score is a straight line. */
export function probabilitiesAt(outputs: readonly Output[], t: number): number[] {
  const after = outputs.findIndex((output) => output.t >= t)
  const next = outputs[after < 0 ? outputs.length - 1 : after]
  const previous = after > 0 ? outputs[after - 1] : next
  const width = next.t - previous.t
  const share = width === 0 ? 0 : (t - previous.t) / width
  return softmax(between(previous.scores, next.scores, share))
}

/** The point at a share of the way from one to another. */
export function between(from: readonly number[], to: readonly number[], share: number): number[] {
  return from.map((value, i) => value + share * (to[i] - value))
}

function softmax(scores: readonly number[]): number[] {
  const most = scores.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = scores.map((score) => Math.exp(score - most))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}
