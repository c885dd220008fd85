import { useId } from 'react'
import { graphql } from '../lib/atlas.ts'
import { useLiveAnswer } from '../lib/useAnswer.ts'
import { Problem } from './panel.tsx'
import { Picture, PictureFields } from './picture.tsx'

interface NetworkPickerProps {
  names: readonly string[]
  value: string
  onChange: (name: string) => void
}

export function NetworkPicker({ names, value, onChange }: NetworkPickerProps) {
  return (
    <label>
      network
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}

const Shown = graphql(
  `
    query PickedInput($path: String!) {
      entity(path: $path) {
        ... on Input {
          ...Picture
        }
      }
    }
  `,
  [PictureFields],
)

interface InputPickerProps {
  /** What the input is for, such as `from`. */
  label: string
  /** Its path, such as `mnist/17`. */
  value: string
  onChange: (path: string) => void
  /** From where another one is drawn. */
  dataset: { name: string; inputCount: number }
}

/** An input by its path, with its picture, and a button for another one at random. */
export function InputPicker({ label, value, onChange, dataset }: InputPickerProps) {
  const id = useId()
  const { data, error } = useLiveAnswer(Shown, { path: value }, { enabled: /^[^/]+\/\d+$/.test(value) })
  const input = data?.entity && 'path' in data.entity ? data.entity : null
  const another = () => onChange(`${dataset.name}/${Math.floor(Math.random() * dataset.inputCount)}`)
  return (
    <div className="row">
      {input && <Picture input={input} size={3} caption="" />}
      <span className="stack tight">
        <label htmlFor={id}>{label}</label>
        <span className="row">
          <input
            id={id}
            value={value}
            size={14}
            spellCheck={false}
            onChange={({ target }) => onChange(target.value)}
          />
          <button type="button" onClick={another} title={`Another input of ${dataset.name}`}>
            another<span className="hidden-text"> input for {label}</span>
          </button>
        </span>
        {error && <Problem error={error} />}
        {data && !input && <span className="hint bad">There is no such input.</span>}
      </span>
    </div>
  )
}
