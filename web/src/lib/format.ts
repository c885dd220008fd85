/** Numbers as people read them. */

const whole = new Intl.NumberFormat('en')
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** `10,000` */
export const count = (value: number) => whole.format(value)

/** `14.8K` */
export const short = (value: number) => compact.format(value)

/** Three significant digits, such as `1.28`, `0.00341` or `2.1e-9`. */
export function number(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e6 || size < 1e-4) return value.toExponential(1)
  return size >= 1000 ? whole.format(Math.round(value)) : String(Number(value.toPrecision(3)))
}

/** `59.7 %` */
export const percent = (share: number) => `${(100 * share).toFixed(share > 0.9995 || share === 0 ? 0 : 1)} %`

/** `1.28 bits` */
export const bits = (value: number) => `${number(value)} bits`

/** `3 regions`, `1 region` */
export const counted = (value: number, one: string, many = `${one}s`) =>
  `${count(value)} ${value === 1 ? one : many}`

/** `28 × 28`, or `4 numbers` */
export function shape(axes: readonly number[]): string {
  return axes.length > 1 ? axes.join(' × ') : counted(axes.at(0) ?? 1, 'number')
}

/** `2 min 5 s` */
export function duration(seconds: number): string {
  const rounded = Math.max(1, Math.round(seconds))
  if (rounded < 60) return `${rounded} s`
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`
  return `${Math.floor(rounded / 3600)} h ${Math.floor((rounded % 3600) / 60)} min`
}

/** The time of day today, else the date. */
export function moment(timestamp: string): string {
  const at = new Date(timestamp)
  const today = at.toDateString() === new Date().toDateString()
  return today
    ? at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : at.toLocaleDateString([], { dateStyle: 'medium' })
}
