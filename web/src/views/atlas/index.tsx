import { Panel } from '../../parts/panel.tsx'
import { usePageTitle } from '../../lib/usePageTitle.ts'
import { AddFiles } from './addFiles.tsx'
import { DatasetList, NetworkList, PartitionList, SeriesList } from './lists.tsx'
import { JobList } from './jobList.tsx'

/** What the atlas holds, and what it is working on. Files can be dropped anywhere on it. */
export function AtlasView() {
  usePageTitle(null)
  return (
    <>
      <h1>What this atlas holds</h1>
      <AddFiles />
      <div className="columns">
        <div className="stack wide">
          <Panel title="Networks">
            <NetworkList />
          </Panel>
          <Panel title="Partitions">
            <PartitionList />
          </Panel>
        </div>
        <div className="stack wide">
          <Panel title="Datasets">
            <DatasetList />
          </Panel>
          <Panel title="Series">
            <SeriesList />
          </Panel>
          <Panel title="Jobs">
            <JobList />
          </Panel>
        </div>
      </div>
    </>
  )
}
