import { classColor, parseHex } from '../../lib/colors.ts'
import { ASPECT, type View } from './plane.ts'

/** The polygons of one view, in shares of it: [0, 0] is its lower left corner. */
export interface Cut {
  view: View
  regionCount: number
  complete: boolean
  polygons: readonly Polygon[]
  decisionBoundary: readonly { from: readonly number[]; to: readonly number[] }[]
}

export interface Polygon {
  vertices: readonly (readonly number[])[]
  codeHash: string
  prediction: number
  region: { path: string; memberCount: number } | null
}

/** The colour of a polytope: that of its prediction, lighter or darker by its code, so that neighbours part. */
function polygonColor({ prediction, codeHash }: Polygon): string {
  const shade = (Number.parseInt(codeHash.slice(0, 2), 16) / 255 - 0.5) * 0.5
  const channels = parseHex(classColor(prediction)).map((channel) =>
    Math.round(shade > 0 ? channel + (255 - channel) * shade : channel * (1 + shade)),
  )
  return `rgb(${channels.join(',')})`
}

/** A place in a picture, in pixels. */
type Place = [x: number, y: number]

/** Where a place of a cut's view, in shares of it, is in another view, in pixels of a picture. */
function placer(cut: View, shown: View, width: number) {
  const scale = width / shown.width
  // Differences first: far inside, both views begin at nearly the same place.
  const [left, low] = [(cut.x - shown.x) * scale, (cut.y - shown.y) * scale]
  const height = width * ASPECT
  return ([u, v]: readonly number[]): Place => [
    left + u * cut.width * scale,
    height - (low + v * ASPECT * cut.width * scale),
  ]
}

/** Draws a cut as it looks in a view. */
export function drawCut(context: CanvasRenderingContext2D, cut: Cut, shown: View, width: number): void {
  const place = placer(cut.view, shown, width)
  context.clearRect(0, 0, width, width * ASPECT)
  context.lineJoin = 'round'
  context.lineWidth = Math.max(0.5, width / 2000)
  context.strokeStyle = 'rgb(255 255 255 / 55%)'
  for (const polygon of cut.polygons) {
    context.beginPath()
    for (const at of apart(polygon.vertices.map(place))) context.lineTo(...at)
    context.closePath()
    context.fillStyle = polygonColor(polygon)
    context.fill()
    context.stroke()
  }
  context.beginPath()
  for (const { from, to } of cut.decisionBoundary) {
    context.moveTo(...place(from))
    context.lineTo(...place(to))
  }
  context.lineWidth = width / 400
  context.strokeStyle = '#000'
  context.stroke()
}

/** The corners that lie apart from the one before: a browser leaves gaps in polygons with sides of nearly no length. */
function apart(corners: readonly Place[]): Place[] {
  const kept = [corners[0]]
  for (const [x, y] of corners) {
    const [lastX, lastY] = kept[kept.length - 1]
    if (Math.max(Math.abs(x - lastX), Math.abs(y - lastY)) > NEAR) kept.push([x, y])
  }
  return kept
}

/** Pixels within which corners count as one. */
const NEAR = 0.1

/** Draws the three points of the plane that lie in a view. */
export function drawPoints(
  context: CanvasRenderingContext2D,
  points: readonly (readonly [number, number])[],
  names: readonly string[],
  shown: View,
  width: number,
): void {
  context.font = `${Math.round(width / 60)}px system-ui, sans-serif`
  points.forEach(([x, y], i) => {
    const at: [number, number] = [
      ((x - shown.x) / shown.width) * width,
      width * ASPECT - ((y - shown.y) / shown.width) * width,
    ]
    context.beginPath()
    context.arc(...at, width / 160, 0, 2 * Math.PI)
    context.fillStyle = '#fff'
    context.fill()
    context.lineWidth = width / 500
    context.strokeStyle = '#000'
    context.stroke()
    context.strokeStyle = '#fff'
    context.lineWidth = width / 250
    context.strokeText(names[i], at[0] + width / 90, at[1] - width / 120)
    context.fillStyle = '#000'
    context.fillText(names[i], at[0] + width / 90, at[1] - width / 120)
  })
}

/** The polygon at a place of the cut's view, in shares of it; undefined where there is none. */
export function polygonAt({ polygons }: Cut, u: number, v: number): Polygon | undefined {
  return polygons.find(({ vertices }) => {
    // Convex, corners counter-clockwise: inside lies left of every side.
    return vertices.every(([x, y], i) => {
      const [nextX, nextY] = vertices[(i + 1) % vertices.length]
      return (nextX - x) * (v - y) - (nextY - y) * (u - x) >= 0
    })
  })
}

/** A cut as an SVG file: exact corners, a polygon each, with the code's hash and the prediction as title. */
export function svgOf(cut: Cut): string {
  const size = 1000
  const place = placer(cut.view, cut.view, size)
  const at = (vertex: readonly number[]) => place(vertex).join(',')
  const polygons = cut.polygons.map(
    (polygon) =>
      `<polygon points="${polygon.vertices.map(at).join(' ')}" fill="${polygonColor(polygon)}"><title>${polygon.codeHash}, predicted ${polygon.prediction}</title></polygon>`,
  )
  const edges = cut.decisionBoundary.map(({ from, to }) => `M${at(from)}L${at(to)}`).join('')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size * ASPECT}">`,
    `<g stroke="#fff" stroke-opacity="0.55" stroke-width="0.5">${polygons.join('\n')}</g>`,
    `<path d="${edges}" fill="none" stroke="#000" stroke-width="2.5"/>`,
    '</svg>',
  ].join('\n')
}
