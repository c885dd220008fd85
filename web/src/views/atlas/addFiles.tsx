import { useEffect, useState } from 'react'
import { Panel } from '../../parts/panel.tsx'
import { describeFiles, type GivenFile } from './givenFiles.ts'
import { ImportForm } from './importForm.tsx'

/** A button for files, the whole page as a place to drop them, and the form that imports what was given. */
export function AddFiles() {
  const [files, setFiles] = useState<readonly GivenFile[]>([])
  const [over, setOver] = useState(false)
  useDrop(setOver, (dropped) => setFiles(describeFiles(dropped)))
  return (
    <>
      <div className={over ? 'drop-place over' : 'drop-place'}>
        <span>
          Drop a network (ONNX) or data (NPZ, NPY, IDX, CSV) anywhere on this page to make an atlas of it,
          or{' '}
        </span>
        <label className="button">
          choose files…
          <input
            className="hidden-text"
            type="file"
            multiple
            onChange={({ target }) => {
              setFiles(describeFiles([...(target.files ?? [])]))
              target.value = ''
            }}
          />
        </label>
      </div>
      {files.length > 0 && (
        <Panel
          title="Import"
          aside={
            <button type="button" onClick={() => setFiles([])}>
              Close
            </button>
          }
        >
          <ImportForm key={files.map(({ file }) => file.name).join('/')} files={files} />
        </Panel>
      )}
    </>
  )
}

/** Follows files dragged over the page, and takes those that are dropped. */
function useDrop(onOver: (over: boolean) => void, onDrop: (files: File[]) => void): void {
  useEffect(() => {
    const listeners = new AbortController()
    const { signal } = listeners
    const listen = (type: 'dragover' | 'dragleave' | 'drop', react: (event: DragEvent) => void) =>
      document.addEventListener(type, react, { signal })
    listen('dragover', (event) => {
      event.preventDefault()
      onOver(true)
    })
    listen('dragleave', (event) => {
      if (event.relatedTarget === null) onOver(false)
    })
    listen('drop', (event) => {
      event.preventDefault()
      onOver(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length > 0) onDrop(files)
    })
    return () => listeners.abort()
  }, [onOver, onDrop])
}
