/** Colours of classes and of numbers, the same on light and dark ground: each stands out from both by 3 to 1. */

const CLASSES = [
  '#3f7fc4',
  '#d9730d',
  '#3a9150',
  '#d6453f',
  '#8c6bc9',
  '#9a6b4f',
  '#d05aa6',
  '#7d8083',
  '#95901a',
  '#1595a8',
]

/** The colour of a class. The first ten are told apart best; further ones go round the colour wheel. */
export function classColor(label: number): string {
  if (label < 0) return '#85878a'
  if (label < CLASSES.length) return CLASSES[label]
  // The golden angle: neighbours in number are far apart in hue.
  return hslHex((label * 137.508) % 360, 0.5, 0.5)
}

/** A ramp from violet to yellow: lightness grows evenly, and both ends stand out from light and dark ground. */
const RAMP = ['#6b4fc8', '#3b82c4', '#1fa187', '#6fbf4a', '#d1b51e']

/** The colour of a share from 0 to 1. */
export function rampColor(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (RAMP.length - 1)
  const low = Math.min(RAMP.length - 2, Math.floor(place))
  const [a, b] = [parseHex(RAMP[low]), parseHex(RAMP[low + 1])]
  return toHex(a.map((channel, i) => Math.round(channel + (b[i] - channel) * (place - low))))
}

/** The ramp as a CSS gradient, from low to high. */
export const RAMP_GRADIENT = `linear-gradient(to right, ${RAMP.join(', ')})`

/** Blue below 0, red above, grey at it: `share` from -1 to 1. */
export function signedColor(share: number): [red: number, green: number, blue: number] {
  const size = Math.min(1, Math.abs(share))
  const target = share < 0 ? [47, 111, 179] : [208, 62, 52]
  return [0, 1, 2].map((i) => Math.round(244 + (target[i] - 244) * size)) as [number, number, number]
}

/** `#rrggbb` as its three bytes. */
export function parseHex(color: string): [red: number, green: number, blue: number] {
  const value = Number.parseInt(color.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

function toHex(channels: readonly number[]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

function hslHex(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return toHex([channel(0), channel(8), channel(4)])
}
