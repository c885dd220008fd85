import { graphql } from '../../lib/atlas.ts'
import { moment } from '../../lib/format.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { isOver, JobBar, JobFields } from '../../parts/jobs.tsx'
import { Empty } from '../../parts/panel.tsx'
import { Table } from '../../parts/table.tsx'

const Jobs = graphql(
  `
    query JobList {
      jobs(first: 100) {
        totalCount
        nodes {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

/** How often to look for jobs that others started; those that are shown tell of themselves. */
const LOOK_EVERY = 4000

/** The last hundred jobs. */
export function JobList() {
  const { jobs } = useAnswer(Jobs, {}, { refetchInterval: LOOK_EVERY })
  if (jobs.totalCount === 0) return <Empty>No work was asked for yet.</Empty>
  const running = jobs.nodes.filter((job) => !isOver(job)).length
  return (
    <>
      <p className="hint">
        {running === 0 ? 'All work is done.' : `${running} under way.`}
        {jobs.totalCount > jobs.nodes.length &&
          ` The last ${jobs.nodes.length} of ${jobs.totalCount} are shown.`}
      </p>
      <Table
        label="Jobs, the newest first"
        rows={jobs.nodes}
        keyOf={({ id }) => id}
        columns={[
          { title: 'job', cell: ({ kind }) => kind },
          { title: 'state', cell: (job) => <JobBar job={job} /> },
          { title: 'asked for', cell: ({ createdAt }) => moment(createdAt) },
        ]}
      />
    </>
  )
}
