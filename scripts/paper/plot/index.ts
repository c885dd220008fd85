/** Plots as SVG, readable in light and dark, with a title and a description for screen readers. */
import { barChart } from './bar.ts'
import { MOST_SERIES } from './frame.ts'
import { lineChart } from './line.ts'
import type { Plot } from './types.ts'

/** The plot as the text of an SVG file; equal plots give equal bytes. */
export function draw(plot: Plot): string {
  if (plot.series.length > MOST_SERIES) throw new RangeError(`A plot has at most ${MOST_SERIES} series.`)
  return plot.kind === 'line' ? lineChart(plot) : barChart(plot)
}
