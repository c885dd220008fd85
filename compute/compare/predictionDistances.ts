/** The outputs of two networks for the same inputs: inputs x outputs each. */
export interface ScorePair {
  a: Float32Array
  b: Float32Array
  inputs: number
}

/** What two networks predict for each input. */
export interface PredictionDistances {
  labelsA: Int32Array
  labelsB: Int32Array
  /** Total variation distance of the softmax of the outputs; null where the networks have different numbers of them. */
  distances: Float64Array | null
}

/** Labels and distances of the predictions, input by input. */
export function predictionDistances({ a, b, inputs }: ScorePair): PredictionDistances {
  const comparable = a.length === b.length
  const distances = comparable ? new Float64Array(inputs) : null
  const outputs = a.length / inputs
  for (let input = 0; distances && input < inputs; input++) {
    const row = (scores: Float32Array) => softmax(scores.subarray(input * outputs, (input + 1) * outputs))
    distances[input] = totalVariation(row(a), row(b))
  }
  return { labelsA: predictedLabels(a, inputs), labelsB: predictedLabels(b, inputs), distances }
}

/** Index of the greatest output of every input, ties to the first. */
export function predictedLabels(scores: Float32Array, inputs: number): Int32Array {
  const labels = new Int32Array(inputs)
  const width = scores.length / inputs
  for (let input = 0; input < inputs; input++) {
    const first = input * width
    let best = first
    for (let i = first + 1; i < first + width; i++) if (scores[i] > scores[best]) best = i
    labels[input] = best - first
  }
  return labels
}

function softmax(scores: Float32Array): Float64Array {
  const most = scores.reduce((a, b) => Math.max(a, b), -Infinity)
  const weights = Float64Array.from(scores, (score) => Math.exp(score - most))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

/** 1 where an infinite score leaves no distribution. */
function totalVariation(p: Float64Array, q: Float64Array): number {
  const distance = p.reduce((sum, value, i) => sum + Math.abs(value - q[i]), 0) / 2
  return Number.isNaN(distance) ? 1 : distance
}
