/** Numbers, times and durations as people read them. */

/** 70000 -> "70,000" */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** Three decimals, or three digits where it is small; without trailing zeros. */
export function decimal(value: number): string {
  return String(Number(Math.abs(value) < 0.1 ? value.toPrecision(3) : value.toFixed(3)))
}

/** Seconds as people say them: "8 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** `2026-01-31 17:05`, local time. */
export function moment(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** 25769803776 -> "24 GiB"; three digits. */
export function bytes(value: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10))
  return `${Number((value / 1024 ** power).toPrecision(3))} ${UNITS[power]}`
}
