import { atlas, graphql } from '../../lib/atlas.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { JobButton, JobFields } from '../../parts/jobs.tsx'
import { Loaded, Panel } from '../../parts/panel.tsx'
import { Contingency } from './contingency.tsx'
import { Disagreements } from './disagreements.tsx'
import { MatchedRegions } from './matchedRegions.tsx'
import { Metrics } from './metrics.tsx'

const There = graphql(`
  query ComparisonThere($a: ID!, $b: ID!) {
    comparison(a: $a, b: $b) {
      id
    }
  }
`)

const Compare = graphql(
  `
    mutation Compare($a: ID!, $b: ID!) {
      compare(input: { a: $a, b: $b }) {
        job {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

/** The comparison of two partitions, or a button that computes it. */
export function Pair({ a, b }: { a: string; b: string }) {
  return (
    <Loaded what="comparison">
      <Compared a={a} b={b} />
    </Loaded>
  )
}

function Compared({ a, b }: { a: string; b: string }) {
  const { comparison } = useAnswer(There, { a, b })
  if (!comparison)
    return (
      <section className="panel row">
        <span>These two are not compared yet.</span>
        <JobButton ask={async () => (await atlas.query(Compare, { a, b })).compare.job}>
          Compare them
        </JobButton>
      </section>
    )
  return (
    <div className="columns">
      <Panel title="How alike they are">
        <Metrics a={a} b={b} />
      </Panel>
      <Panel title="Which regions share their members">
        <Contingency a={a} b={b} />
      </Panel>
      <Panel title="Regions that match">
        <MatchedRegions a={a} b={b} />
      </Panel>
      <Panel title="Inputs on which they disagree">
        <Disagreements a={a} b={b} />
      </Panel>
    </div>
  )
}
