/** The filter of a partition's regions as the page's address says it: `?min=5&label=3&bits=2:5=1,2:7=0`. */

/** A bit that must have a value. */
interface BitCondition {
  layer: number
  unit: number
  value: boolean
}

/** The API's filter, `RegionFilter`, as far as the page offers it. */
export interface RegionFilter {
  memberCount?: { min?: number; max?: number }
  labelEntropy?: { min?: number; max?: number }
  label?: number
  cluster?: string
  bits?: BitCondition[]
}

/** The names that the address has for the parts of a filter. */
export const FILTER_FIELDS = ['min', 'max', 'minEntropy', 'maxEntropy', 'label', 'cluster', 'bits'] as const

/** The filter that an address asks for, by its arguments; what cannot be read is left out. */
export function readFilter(get: (name: string) => string): RegionFilter {
  const number = (name: string) => {
    const text = get(name)
    return text === '' || Number.isNaN(Number(text)) ? undefined : Number(text)
  }
  const range = (min: number | undefined, max: number | undefined) =>
    min === undefined && max === undefined ? undefined : { min, max }
  return {
    memberCount: range(number('min'), number('max')),
    labelEntropy: range(number('minEntropy'), number('maxEntropy')),
    label: number('label'),
    cluster: get('cluster') || undefined,
    bits: readBits(get('bits')),
  }
}

/** Reads `2:5=1,2:7=0`: layer, unit, value. */
function readBits(text: string): BitCondition[] | undefined {
  const conditions = text.split(',').flatMap((part) => {
    const match = /^\s*(\d+):(\d+)=([01])\s*$/.exec(part)
    return match ? [{ layer: Number(match[1]), unit: Number(match[2]), value: match[3] === '1' }] : []
  })
  return conditions.length > 0 ? conditions : undefined
}
