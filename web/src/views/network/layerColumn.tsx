import { graphql } from '../../lib/atlas.ts'
import { bits, count, percent } from '../../lib/format.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { useSeen } from '../../lib/useSeen.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Histogram } from '../../parts/histogram.tsx'
import { Loaded } from '../../parts/panel.tsx'

/** What a column says of its layer whatever the dataset. */
export interface LayerFacts {
  index: number
  name: string
  operator: string
  unitCount: number
  positionCount: number
  bitCount: number
  exact: boolean
}

interface LayerColumnProps {
  network: string
  dataset: string
  layer: LayerFacts
  /** The partition by this layer alone, where it is computed. */
  cut: { path: string; regionCount: number; labelEntropy: number } | undefined
  /** Whether the codes of its units are stored, so that it can be told how often they fire. */
  encoded: boolean
  picked: boolean
  /** `extend`: the span is to reach to this layer. */
  onPick: (extend: boolean) => void
}

/** One layer: what it is, the regions that it makes alone, and how often its units fire. */
export function LayerColumn({ network, dataset, layer, cut, encoded, picked, onPick }: LayerColumnProps) {
  const [ref, seen] = useSeen<HTMLDivElement>()
  return (
    <div className={picked ? 'layer picked' : 'layer'} ref={ref}>
      <button type="button" aria-pressed={picked} onClick={({ shiftKey }) => onPick(shiftKey)}>
        {layer.index}: {layer.operator}
      </button>
      <Facts
        rows={[
          [
            'name',
            <EntityLink key="name" path={`${network}/${layer.index}`}>
              {layer.name}
            </EntityLink>,
          ],
          ['units', count(layer.unitCount)],
          ['positions', layer.positionCount === 1 ? null : count(layer.positionCount)],
          ['exact', layer.exact ? null : 'no: a smooth gate'],
          [
            'regions',
            cut ? (
              <EntityLink key="cut" path={cut.path}>
                {count(cut.regionCount)}
              </EntityLink>
            ) : (
              '–'
            ),
          ],
          ['entropy', cut ? bits(cut.labelEntropy) : null],
        ]}
      />
      {encoded && seen && (
        <Loaded what={`firing rates of layer ${layer.index}`}>
          <FiringRates network={network} dataset={dataset} layer={layer} />
        </Loaded>
      )}
    </div>
  )
}

const Rates = graphql(`
  query FiringRates($network: String!, $layer: Int!, $dataset: String!) {
    network(name: $network) {
      layer(index: $layer) {
        units(dataset: $dataset, first: 500) {
          totalCount
          nodes {
            firingRate
          }
        }
      }
    }
  }
`)

function FiringRates({ network, dataset, layer }: Pick<LayerColumnProps, 'network' | 'dataset' | 'layer'>) {
  const answer = useAnswer(Rates, { network, dataset, layer: layer.index })
  const units = answer.network?.layer?.units
  if (!units) return null
  const rates = units.nodes.map(({ firingRate }) => firingRate)
  const dead = rates.filter((rate) => rate === 0).length
  return (
    <figure className="stack tight">
      <Histogram
        values={rates}
        from={0}
        to={1}
        bins={20}
        label={`How many of the layer's units fire how often: ${dead} never`}
      />
      <figcaption className="hint">
        units by firing rate, 0 to 1: mean {percent(rates.reduce((a, b) => a + b, 0) / rates.length)}
        {dead > 0 && `, ${dead} never fire`}
        {units.totalCount > rates.length && `; the first ${rates.length} of ${count(units.totalCount)}`}
      </figcaption>
    </figure>
  )
}
