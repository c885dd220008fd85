import { graphql } from '../../lib/atlas.ts'
import { count, number, percent } from '../../lib/format.ts'
import { useAnswer } from '../../lib/useAnswer.ts'

const MetricsQuery = graphql(`
  query ComparisonMetrics($a: ID!, $b: ID!) {
    comparison(a: $a, b: $b) {
      siteCount
      adjustedMutualInformation
      adjustedRandIndex
      variationOfInformation
      conditionalEntropyAGivenB
      conditionalEntropyBGivenA
      regionOverlap
      hammingKernelCka
      distanceRankCorrelation
      neighborOverlap
      agreement
      sharedCodeCount
      bitFlips {
        perLayer {
          layer
          rate
        }
      }
      baseline {
        adjustedMutualInformation
        adjustedRandIndex
        variationOfInformation
        conditionalEntropyAGivenB
        conditionalEntropyBGivenA
        regionOverlap
        hammingKernelCka
        distanceRankCorrelation
        neighborOverlap
        agreement
        bitFlips {
          perLayer {
            rate
          }
        }
      }
    }
  }
`)

/** The numbers of a comparison beside what unrelated cuts of the same sizes have. */
export function Metrics({ a, b }: { a: string; b: string }) {
  const { comparison } = useAnswer(MetricsQuery, { a, b })
  if (!comparison) return null
  const { baseline: chance, bitFlips } = comparison
  const rows: readonly (readonly [name: string, value: number, chance: number | null])[] = [
    ['adjusted mutual information', comparison.adjustedMutualInformation, chance.adjustedMutualInformation],
    ['adjusted Rand index', comparison.adjustedRandIndex, chance.adjustedRandIndex],
    ['variation of information, bits', comparison.variationOfInformation, chance.variationOfInformation],
    ['entropy of a given b, bits', comparison.conditionalEntropyAGivenB, chance.conditionalEntropyAGivenB],
    ['entropy of b given a, bits', comparison.conditionalEntropyBGivenA, chance.conditionalEntropyBGivenA],
    ['overlap of matched regions', comparison.regionOverlap, chance.regionOverlap],
    ['alignment of Hamming kernels', comparison.hammingKernelCka, chance.hammingKernelCka],
    ['rank correlation of distances', comparison.distanceRankCorrelation, chance.distanceRankCorrelation],
    ['overlap of the 10 nearest', comparison.neighborOverlap, chance.neighborOverlap],
    ['same prediction', comparison.agreement, chance.agreement],
    ...(bitFlips?.perLayer ?? []).map(
      ({ layer, rate }, i) =>
        [`differing bits of layer ${layer}`, rate, chance.bitFlips?.perLayer[i]?.rate ?? null] as const,
    ),
  ]
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">metric</th>
            <th scope="col" className="number">
              value
            </th>
            <th scope="col" className="number">
              by chance
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, value, chance]) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="number">{number(value)}</td>
              <td className="number muted">{chance === null ? '–' : number(chance)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">
        Over {count(comparison.siteCount)} sites; {count(comparison.sharedCodeCount)} codes stand on both
        sides. The networks agree on {percent(comparison.agreement)} of the inputs.
      </p>
    </>
  )
}
