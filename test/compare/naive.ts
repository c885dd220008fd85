/** A second, plain implementation of the metrics, straight from their definitions over sites. */
type Codes = readonly (readonly number[])[]

export function hamming(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, bit, i) => sum + Number(bit !== y[i]), 0)
}

export function pearson(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(x), mean(y)]
  const centredX = x.map((value) => value - meanX)
  const centredY = y.map((value) => value - meanY)
  const dot = (u: readonly number[], v: readonly number[]): number =>
    u.reduce((sum, value, i) => sum + value * v[i], 0)
  const scale = Math.sqrt(dot(centredX, centredX) * dot(centredY, centredY))
  return scale === 0 ? 0 : dot(centredX, centredY) / scale
}

/** Mean rank of each value among all, ties shared: by counting smaller and equal values. */
export function midRanks(values: readonly number[]): number[] {
  const sorted = [...values].sort((x, y) => x - y)
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1)
}

export function spearman(a: Codes, b: Codes): number {
  const pairs = (codes: Codes): number[] =>
    codes.flatMap((x, i) => codes.slice(i + 1).map((y) => hamming(x, y)))
  return pearson(midRanks(pairs(a)), midRanks(pairs(b)))
}

/** ||Y'X||^2 / (||X'X|| ||Y'Y||) of the column-centred +-1 codes. */
export function linearCka(a: Codes, b: Codes): number {
  const centre = (codes: Codes): number[][] =>
    codes[0].map((_, bit) => {
      const column = codes.map((code) => 2 * code[bit] - 1)
      const mean = column.reduce((sum, value) => sum + value, 0) / column.length
      return column.map((value) => value - mean)
    })
  const squaredNorm = (x: number[][], y: number[][]): number => {
    let sum = 0
    for (const u of x) for (const v of y) sum += u.reduce((dot, value, i) => dot + value * v[i], 0) ** 2
    return sum
  }
  const [x, y] = [centre(a), centre(b)]
  return squaredNorm(x, y) / Math.sqrt(squaredNorm(x, x) * squaredNorm(y, y))
}

/** Expected share of common sites among the k nearest of a site on both sides, ties broken at random on both. */
export function siteOverlap(a: Codes, b: Codes, site: number, k: number): number {
  const chances = (codes: Codes): number[] => {
    const distances = codes.map((code, other) => (other === site ? Infinity : hamming(codes[site], code)))
    const threshold = [...distances].sort((x, y) => x - y)[k - 1]
    const closer = distances.filter((distance) => distance < threshold).length
    const tied = distances.filter((distance) => distance === threshold).length
    return distances.map((d) => (d < threshold ? 1 : d === threshold ? (k - closer) / tied : 0))
  }
  const inB = chances(b)
  return chances(a).reduce((total, chance, other) => total + chance * inB[other], 0) / k
}

/** The mean over sites of {@link siteOverlap}. */
export function overlap(a: Codes, b: Codes, k: number): number {
  return a.reduce((sum, _, site) => sum + siteOverlap(a, b, site, k), 0) / a.length
}
