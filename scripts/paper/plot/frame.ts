/** What all plots have in common: size, colours, title, the y axis, the legend. */
import { number } from '../text.ts'
import { straight, ticksOf } from './scale.ts'
import { element, escape, text } from './svg.ts'
import type { Plot } from './types.ts'

const WIDTH = 720
const HEIGHT = 360
const LEGEND_LINE = 18
const CHARACTER = 7

/** Where the data is drawn. */
export const area = { left: 72, right: WIDTH - 16, top: 56, bottom: HEIGHT - 56 }

/** One class a series, in light and in dark (colours of Okabe and Ito, told apart by the colour-blind too). */
const LIGHT = ['#0072b2', '#d55e00', '#009e73', '#aa4499', '#767676']
const DARK = ['#56b4e9', '#e69f00', '#35c69b', '#dd88cc', '#a0a0a0']

/** How many series have a colour of their own. */
export const MOST_SERIES = LIGHT.length

const style = [
  'text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:15px}',
  '.grid{stroke:#d0d7de}.axis{stroke:#57606a}.whisker{stroke:#24292f;fill:none}.line{fill:none;stroke-width:2}',
  ...LIGHT.map(series),
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#30363d}.axis{stroke:#8b949e}.whisker{stroke:#e6edf3}',
  ...DARK.map(series),
  '}',
].join('')

function series(colour: string, index: number): string {
  return `.s${index}{fill:${colour};stroke:${colour}}.s${index}.line{fill:none}`
}

/** The whole picture around what a kind of plot draws. */
export function frame(plot: Plot, names: readonly string[], inside: readonly string[]): string {
  const parts = [
    element('title', { id: 'title' }, escape(plot.title)),
    element('desc', { id: 'desc' }, escape(plot.description)),
    element('style', {}, style),
    text(plot.title, { class: 'title', x: area.left, y: 20 }),
    ...legend(names),
    ...inside,
  ]
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'aria-labelledby': 'title desc',
  }
  return `${element('svg', attributes, `\n${parts.join('\n')}\n`)}\n`
}

/** Axis, grid and labels of y for these values; 0 is among them. */
export function yAxis(label: string, values: readonly number[]) {
  const ticks = ticksOf(Math.min(0, ...values), Math.max(0, ...values))
  const y = straight(ticks[0], ticks[ticks.length - 1], area.bottom, area.top)
  const middle = (area.top + area.bottom) / 2
  const parts = ticks.flatMap((tick) => [
    element('line', { class: 'grid', x1: area.left, x2: area.right, y1: y(tick), y2: y(tick) }),
    text(number(tick), { x: area.left - 8, y: y(tick) + 4, 'text-anchor': 'end' }),
  ])
  const turned = { x: 0, y: 0, transform: `translate(18 ${middle}) rotate(-90)`, 'text-anchor': 'middle' }
  return { y, parts: [...parts, text(label, turned)] }
}

/** The line at the bottom, its labels and its name. */
export function xAxis(labels: readonly { x: number; label: string }[], name = ''): string[] {
  const { left, right, bottom } = area
  return [
    element('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom }),
    ...labels.map(({ x, label }) => text(label, { x, y: bottom + 18, 'text-anchor': 'middle' })),
    ...(name === '' ? [] : [text(name, { x: (left + right) / 2, y: bottom + 42, 'text-anchor': 'middle' })]),
  ]
}

function legend(names: readonly string[]): string[] {
  let x = area.left
  return names.flatMap((name, index) => {
    const at = x
    x += name.length * CHARACTER + 34
    return [
      element('rect', { class: `s${index}`, x: at, y: 30, width: 12, height: 12 }),
      text(name, { x: at + LEGEND_LINE, y: 41 }),
    ]
  })
}
