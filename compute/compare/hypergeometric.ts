/** Terms below this share of the largest one are left out: together they cannot reach the last bit of the sum. */
const NEGLIGIBLE = 1e-40

/**
 * E[X ln X] in nats of a hypergeometric X: the members shared by a random set of `a` and a fixed set of `b` among
 * `n`. The probabilities follow from their ratios, walking away from the mode, and are normalised by their sum: no
 * factorials, whose logarithms would cancel (at n = 70,000 differences of ln n! keep 10 digits, this about 15).
 *
 * @param a 1 … n
 * @param b 1 … n
 */
export function expectedXLogX(n: number, a: number, b: number): number {
  const least = Math.max(0, a + b - n)
  const most = Math.min(a, b)
  if (most < 2) return 0
  const mode = Math.min(most, Math.max(least, Math.floor(((a + 1) * (b + 1)) / (n + 2))))
  let mass = 1
  let sum = xLogX(mode)
  let term = 1
  for (let x = mode; x < most && term > NEGLIGIBLE; x++) {
    term *= ((a - x) * (b - x)) / ((x + 1) * (n - a - b + x + 1))
    mass += term
    sum += term * xLogX(x + 1)
  }
  term = 1
  for (let x = mode; x > least && term > NEGLIGIBLE; x--) {
    term *= (x * (n - a - b + x)) / ((a - x + 1) * (b - x + 1))
    mass += term
    sum += term * xLogX(x - 1)
  }
  return sum / mass
}

/** x ln x in nats, 0 at 0. */
export function xLogX(x: number): number {
  return x < 2 ? 0 : x * Math.log(x)
}
