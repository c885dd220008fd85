import { useState } from 'react'
import { graphql } from '../../lib/atlas.ts'
import { count, percent } from '../../lib/format.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { Loaded, Panel } from '../../parts/panel.tsx'
import { Table } from '../../parts/table.tsx'
import { FlipChart } from './flipChart.tsx'
import { Moved } from './moved.tsx'

const TrainingQuery = graphql(`
  query Training($series: String!, $dataset: String!) {
    series(name: $series) {
      training(dataset: $dataset) {
        fromLayer
        toLayer
        steps {
          regionCount
          from {
            step
          }
          to {
            step
          }
          change {
            rate
            agreement
            codeSurvival
            perLayer {
              layer
              rate
            }
          }
          sinceFirst {
            rate
            perLayer {
              layer
              rate
            }
          }
        }
      }
    }
  }
`)

/** Flips by layer over a training, and the inputs that one of its steps moved. */
export function Training({ series, dataset }: { series: string; dataset: string }) {
  const answer = useAnswer(TrainingQuery, { series, dataset })
  const [since, setSince] = useState<'change' | 'sinceFirst'>('change')
  const [chosen, choose] = useState(0)
  const training = answer.series?.training
  if (!training) return null
  const { steps } = training
  const step = Math.min(chosen, steps.length - 1)
  return (
    <div className="columns">
      <Panel
        title="Bits that flip, by layer"
        aside={
          <div className="row" role="group" aria-label="Since when">
            <button type="button" aria-pressed={since === 'change'} onClick={() => setSince('change')}>
              since the step before
            </button>
            <button
              type="button"
              aria-pressed={since === 'sinceFirst'}
              onClick={() => setSince('sinceFirst')}
            >
              since the first
            </button>
          </div>
        }
      >
        <FlipChart
          steps={steps.map((step) => ({
            from: step.from.step,
            to: step.to.step,
            perLayer: step[since].perLayer,
          }))}
          chosen={step}
          onChoose={choose}
        />
        <Table
          label="Steps of the training"
          rows={steps.map((step, index) => ({ ...step, index }))}
          keyOf={({ index }) => String(index)}
          columns={[
            {
              title: 'step',
              cell: ({ index, from, to }) => (
                <button
                  type="button"
                  className="plain"
                  aria-pressed={index === step}
                  onClick={() => choose(index)}
                >
                  {from.step} → {to.step}
                </button>
              ),
            },
            { title: 'bits flipped', number: true, cell: ({ change }) => percent(change.rate) },
            { title: 'since the first', number: true, cell: ({ sinceFirst }) => percent(sinceFirst.rate) },
            { title: 'regions', number: true, cell: ({ regionCount }) => count(regionCount) },
            { title: 'codes kept', number: true, cell: ({ change }) => percent(change.codeSurvival) },
            { title: 'same label', number: true, cell: ({ change }) => percent(change.agreement) },
          ]}
        />
      </Panel>
      <Panel title={`Inputs that moved from step ${steps[step].from.step} to ${steps[step].to.step}`}>
        <Loaded what="inputs that moved" key={step}>
          <Moved series={series} dataset={dataset} step={step} />
        </Loaded>
      </Panel>
    </div>
  )
}
