import { useArgs } from '../../lib/useArgs.ts'
import { FILTER_FIELDS } from './regionFilter.ts'

interface FilterFormProps {
  classNames: readonly string[]
  clusterings: readonly { path: string; clusterCount: number }[]
}

type Field = (typeof FILTER_FIELDS)[number]

/** Reads and writes a part of the filter in the address. */
type FieldOf = (name: Field) => {
  value: string
  onChange: (event: { target: { value: string } }) => void
}

/** The API's filter of regions as a form; the address holds what it says. */
export function FilterForm({ classNames, clusterings }: FilterFormProps) {
  const [get, set] = useArgs()
  const field: FieldOf = (name) => ({
    value: get(name),
    onChange: ({ target }) => set({ [name]: target.value }),
  })
  const clear = () => set(Object.fromEntries(FILTER_FIELDS.map((name) => [name, null])))
  return (
    <form className="row" onSubmit={(event) => event.preventDefault()} aria-label="Filter of regions">
      <Range title="members" field={field} min="min" max="max" step="1" />
      <Range title="label entropy" field={field} min="minEntropy" max="maxEntropy" step="0.1" />
      {classNames.length > 0 && (
        <label>
          class
          <select {...field('label')}>
            <option value="">any</option>
            {classNames.map((name, label) => (
              <option key={label} value={label}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {clusterings.length > 0 && (
        <label>
          cluster
          <input
            size={30}
            placeholder={`${clusterings[0].path}/0`}
            spellCheck={false}
            {...field('cluster')}
          />
        </label>
      )}
      <label>
        bits
        <input size={16} placeholder="layer:unit=1, …" spellCheck={false} {...field('bits')} />
      </label>
      {FILTER_FIELDS.some((name) => get(name) !== '') && (
        <button type="button" onClick={clear}>
          Clear
        </button>
      )}
    </form>
  )
}

interface RangeProps {
  title: string
  field: FieldOf
  min: Field
  max: Field
  step: string
}

/** The bounds of a number. */
function Range({ title, field, min, max, step }: RangeProps) {
  const bound = { type: 'number', min: 0, step } as const
  return (
    <span className="row" role="group" aria-label={title}>
      {title}
      <input {...bound} placeholder="from" aria-label={`Least ${title}`} {...field(min)} />
      <input {...bound} placeholder="to" aria-label={`Greatest ${title}`} {...field(max)} />
    </span>
  )
}
