import type { Estimate } from '../../../compute/compare/index.ts'

/** What a plot has whatever its kind. */
interface Named {
  title: string
  /** What it shows, for those who cannot see it. */
  description: string
  yLabel: string
}

/** Lines over a number, with a band from `low` to `high` where a point has an interval. */
export interface LinePlot extends Named {
  kind: 'line'
  xLabel: string
  /** Places on the x axis that get a label; the axis runs evenly from one to the next. */
  xTicks: readonly { x: number; label: string }[]
  series: readonly { name: string; points: readonly LinePoint[] }[]
}

/** A point of a line. */
export interface LinePoint {
  x: number
  y: number
  low?: number
  high?: number
}

/** Groups of bars from 0, one bar of each series in a group, with a whisker from `low` to `high`. */
export interface BarPlot extends Named {
  kind: 'bar'
  series: readonly string[]
  /** As many values as there are series. */
  groups: readonly { label: string; values: readonly (Estimate | number)[] }[]
}

export type Plot = LinePlot | BarPlot
