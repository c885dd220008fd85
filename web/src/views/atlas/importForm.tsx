import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { atlas, graphql } from '../../lib/atlas.ts'
import { EntityLink } from '../../parts/entityLink.tsx'
import { JobBar, JobFields, type JobState } from '../../parts/jobs.tsx'
import { Problem } from '../../parts/panel.tsx'
import type { FileRole, GivenFile } from './givenFiles.ts'

const ImportNetwork = graphql(`
  mutation ImportNetwork($input: ImportNetworkInput!) {
    importNetwork(input: $input) {
      network {
        path
      }
    }
  }
`)

const ImportDataset = graphql(
  `
    mutation ImportDataset($input: ImportDatasetInput!) {
      importDataset(input: $input) {
        job {
          ...JobState
        }
      }
    }
  `,
  [JobFields],
)

/** What became of one file: null while it is uploaded and read. */
type Outcome = { path: string; job: JobState | null } | { error: unknown } | null

const ROLES: Record<FileRole, string> = { network: 'network', data: 'data', labels: 'labels of the data' }

/** Says what each file is and how to call it, and imports them one after another. */
export function ImportForm({ files: given }: { files: readonly GivenFile[] }) {
  const queries = useQueryClient()
  const renew = () => void queries.invalidateQueries()
  const [files, setFiles] = useState(given)
  const [outcomes, setOutcomes] = useState<ReadonlyMap<GivenFile, Outcome>>(new Map())
  const change = (i: number, change: Partial<GivenFile>) =>
    setFiles(files.map((file, at) => (at === i ? { ...file, ...change } : file)))
  const run = useMutation({
    mutationFn: async () => {
      const labels = files.find(({ role }) => role === 'labels')
      for (const given of files.filter(({ role }) => role !== 'labels')) {
        setOutcomes((all) => new Map(all).set(given, null))
        const outcome = await importFile(given, labels).catch((error: unknown) => ({ error }))
        setOutcomes((all) => new Map(all).set(given, outcome))
        renew()
      }
    },
  })
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        run.mutate()
      }}
    >
      {files.map((given, i) => (
        <fieldset className="row" key={given.file.name} disabled={!run.isIdle}>
          <legend className="hidden-text">{given.file.name}</legend>
          <code>{given.file.name}</code>
          <label>
            is
            <select value={given.role} onChange={({ target }) => change(i, { role: roleIn(target.value) })}>
              {Object.entries(ROLES).map(([role, name]) => (
                <option key={role} value={role}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          {given.role !== 'labels' && (
            <label>
              called
              <input
                value={given.name}
                required
                onChange={({ target }) => change(i, { name: target.value })}
              />
            </label>
          )}
          {outcomes.has(given) && <Outcome outcome={outcomes.get(given) ?? null} onOver={renew} />}
        </fieldset>
      ))}
      {run.isIdle && (
        <div>
          <button type="submit" className="main">
            Import
          </button>
        </div>
      )}
      {run.isSuccess && (
        <p className="hint">
          Next: open the network and choose the layers that are to cut the data, or give other files.
        </p>
      )}
    </form>
  )
}

const roleIn = (value: string): FileRole => (value === 'network' || value === 'labels' ? value : 'data')

function Outcome({ outcome, onOver }: { outcome: Outcome; onOver: () => void }) {
  if (outcome === null) return <span role="status">reading…</span>
  if ('error' in outcome) return <Problem error={outcome.error} />
  return (
    <span className="row">
      <EntityLink path={outcome.path} />
      {outcome.job ? <JobBar job={outcome.job} onOver={onOver} /> : 'is here'}
    </span>
  )
}

async function importFile({ file, role, name }: GivenFile, labels: GivenFile | undefined): Promise<Outcome> {
  const handle = await atlas.upload(file)
  if (role === 'network') {
    const { importNetwork } = await atlas.query(ImportNetwork, { input: { name, file: handle } })
    return { path: importNetwork.network.path, job: null }
  }
  const input = { name, file: handle, labels: labels && (await atlas.upload(labels.file)) }
  const { importDataset } = await atlas.query(ImportDataset, { input })
  return { path: name, job: importDataset.job }
}
