import { useArgs } from '../../lib/useArgs.ts'
import { FILTER_FIELDS } from './regionFilter.ts'

interface FilterFormProps {
  classNames: readonly string[]
  clusterings: readonly { path: string; clusterCount: number }[]
}

/** The API's filter of regions as a form; the address holds what it says. */
export function FilterForm({ classNames, clusterings }: FilterFormProps) {
  const [get, set] = useArgs()
  const field = (name: (typeof FILTER_FIELDS)[number]) => ({
    value: get(name),
    onChange: ({ target }: { target: { value: string } }) => set({ [name]: target.value }),
  })
  const narrowed = FILTER_FIELDS.some((name) => get(name) !== '')
  return (
    <form className="row" onSubmit={(event) => event.preventDefault()} aria-label="Filter of regions">
      <label>
        members
        <input
          type="number"
          min="1"
          placeholder="from"
          aria-label="Least number of members"
          {...field('min')}
        />
        <input
          type="number"
          min="1"
          placeholder="to"
          aria-label="Greatest number of members"
          {...field('max')}
        />
      </label>
      <label>
        label entropy
        <input
          type="number"
          min="0"
          step="0.1"
          placeholder="from"
          aria-label="Least label entropy"
          {...field('minEntropy')}
        />
        <input
          type="number"
          min="0"
          step="0.1"
          placeholder="to"
          aria-label="Greatest label entropy"
          {...field('maxEntropy')}
        />
      </label>
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
      {narrowed && (
        <button
          type="button"
          onClick={() => set(Object.fromEntries(FILTER_FIELDS.map((name) => [name, null])))}
        >
          Clear
        </button>
      )}
    </form>
  )
}
