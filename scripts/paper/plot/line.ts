import { area, frame, xAxis, yAxis } from './frame.ts'
import { evenly } from './scale.ts'
import { coordinates, element } from './svg.ts'
import type { LinePlot, LinePoint } from './types.ts'

/** A line chart with interval bands. */
export function lineChart(plot: LinePlot): string {
  const points = plot.series.flatMap((series) => series.points)
  const { y, parts } = yAxis(
    plot.yLabel,
    points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]),
  )
  const x = evenly(
    plot.xTicks.map((tick) => tick.x),
    area.left + 24,
    area.right - 24,
  )
  const lines = plot.series.flatMap((series, index) => draw(series.points, index, x, y))
  const ticks = plot.xTicks.map((tick) => ({ x: x(tick.x), label: tick.label }))
  return frame(
    plot,
    plot.series.map(({ name }) => name),
    [...parts, ...xAxis(ticks, plot.xLabel), ...lines],
  )
}

type Scale = (value: number) => number

function draw(points: readonly LinePoint[], index: number, x: Scale, y: Scale): string[] {
  const along = (value: (point: LinePoint) => number) =>
    points.map((point) => [x(point.x), y(value(point))] as const)
  const low = along((point) => point.low ?? point.y)
  const high = along((point) => point.high ?? point.y)
  return [
    element('polygon', {
      class: `s${index}`,
      points: coordinates([...high, ...low.reverse()]),
      'fill-opacity': '0.2',
      'stroke-opacity': '0',
    }),
    element('polyline', { class: `s${index} line`, points: coordinates(along((point) => point.y)) }),
    ...along((point) => point.y).map(([cx, cy]) => element('circle', { class: `s${index}`, cx, cy, r: 3 })),
  ]
}
