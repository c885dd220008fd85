import type { Estimate } from '../../../compute/compare/index.ts'
import { area, frame, xAxis, yAxis } from './frame.ts'
import { element } from './svg.ts'
import type { BarPlot } from './types.ts'

/** The part of its group's place that bars fill. */
const FILLED = 0.7

/** A bar chart with whiskers. */
export function barChart(plot: BarPlot): string {
  const groups = plot.groups.map(({ label, values }) => ({ label, values: values.map(asEstimate) }))
  const { y, parts } = yAxis(
    plot.yLabel,
    groups.flatMap(({ values }) => values.flatMap(({ mean, low, high }) => [mean, low, high])),
  )
  const place = (area.right - area.left) / groups.length
  const width = (place * FILLED) / plot.series.length
  const bars = groups.flatMap(({ values }, group) =>
    values.flatMap((value, index) => {
      const left = area.left + place * (group + (1 - FILLED) / 2) + width * index
      return bar(value, left, width, index, y)
    }),
  )
  const labels = groups.map(({ label }, group) => ({ x: area.left + place * (group + 0.5), label }))
  return frame(plot, plot.series, [...parts, ...bars, ...xAxis(labels)])
}

function bar(
  { mean, low, high }: Estimate,
  left: number,
  width: number,
  index: number,
  y: (value: number) => number,
): string[] {
  const top = Math.min(y(mean), y(0))
  const height = Math.abs(y(mean) - y(0))
  const rect = element('rect', { class: `s${index}`, x: left + 1, y: top, width: width - 2, height })
  if (low === high) return [rect]
  const middle = left + width / 2
  const [up, down] = [y(high), y(low)].map((end) => end.toFixed(2))
  const d = `M${middle - 5} ${up}h10M${middle} ${up}V${down}M${middle - 5} ${down}h10`
  return [rect, element('path', { class: 'whisker', d })]
}

function asEstimate(value: Estimate | number): Estimate {
  return typeof value === 'number' ? { mean: value, low: value, high: value } : value
}
