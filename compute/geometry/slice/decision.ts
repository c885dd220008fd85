/** A point of the slice, by its coordinates along u and v. */
export type Place = readonly [u: number, v: number]

/** A piece of the boundary between two predicted labels. */
export interface DecisionEdge {
  from: Place
  to: Place
  /** The lower of the two labels. */
  labelA: number
  labelB: number
}

/** A vertex of a clipped polygon, with the scores there and the label on the other side of the edge that follows. */
interface Corner {
  place: Place
  scores: Float64Array
  /** -1 where the edge is one of the face's own. */
  across: number
}

/** What a face predicts: the label at its centre, and the boundaries between labels inside it. */
export interface Decision {
  label: number
  edges: DecisionEdge[]
}

/**
 * Predictions inside one convex face, where all scores are affine. A label that leads at every vertex leads
 * everywhere; else the face is clipped for each label to where it leads.
 *
 * @param scores one array a vertex
 */
export function decide(places: readonly Place[], scores: readonly Float64Array[]): Decision {
  const labels = scores[0].length
  const centre = Float64Array.from({ length: labels }, (_, label) =>
    scores.reduce((sum, score) => sum + score[label], 0),
  )
  const label = greatest(centre)
  if (scores.every((score) => score[label] >= score[greatest(score)])) return { label, edges: [] }
  const edges: DecisionEdge[] = []
  for (let a = 0; a < labels; a++) {
    let loop: Corner[] = places.map((place, i) => ({ place, scores: scores[i], across: -1 }))
    for (let b = 0; b < labels && loop.length > 2; b++) if (b !== a) loop = clip(loop, a, b)
    if (loop.length < 3) continue
    loop.forEach(({ place, across }, i) => {
      if (across > a)
        edges.push({ from: place, to: loop[(i + 1) % loop.length].place, labelA: a, labelB: across })
    })
  }
  return { label, edges: edges.filter(({ from, to }) => from[0] !== to[0] || from[1] !== to[1]) }
}

/** The part of a loop where label a scores at least what b does (Sutherland and Hodgman, 1974). */
function clip(loop: readonly Corner[], a: number, b: number): Corner[] {
  const lead = ({ scores }: Corner) => scores[a] - scores[b]
  return loop.flatMap((corner, i) => {
    const next = loop[(i + 1) % loop.length]
    const [here, there] = [lead(corner), lead(next)]
    if (here >= 0 && there >= 0) return [corner]
    if (here < 0 && there < 0) return []
    const fraction = here / (here - there)
    if (here < 0) return [{ ...between(corner, next, fraction), across: corner.across }]
    return [corner, { ...between(corner, next, fraction), across: b }]
  })
}

function between(from: Corner, to: Corner, fraction: number): Omit<Corner, 'across'> {
  const mix = (a: number, b: number) => a + fraction * (b - a)
  return {
    place: [mix(from.place[0], to.place[0]), mix(from.place[1], to.place[1])],
    scores: from.scores.map((score, i) => mix(score, to.scores[i])),
  }
}

/** Index of the greatest value, ties to the lower. */
export function greatest(values: Float64Array): number {
  return values.reduce((best, value, i) => (value > values[best] ? i : best), 0)
}
