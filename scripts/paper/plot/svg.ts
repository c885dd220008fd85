/** Elements of SVG as text. Numbers have two decimals: the same picture gives the same bytes. */
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

type Attributes = Record<string, string | number>

/** An element with what is inside of it, which is SVG already. */
export function element(name: string, attributes: Attributes, inside = ''): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? coordinate(value) : escape(value)}"`,
  )
  return inside === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${inside}</${name}>`
}

/** A line of text. */
export function text(content: string, attributes: Attributes): string {
  return element('text', attributes, escape(content))
}

/** Text in which nothing is taken for an element. */
export function escape(content: string): string {
  return content.replaceAll(/[&<>"]/g, (character) => ENTITIES[character])
}

/** `x,y` pairs as `points` and `d` have them. */
export function coordinates(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y]) => `${coordinate(x)},${coordinate(y)}`).join(' ')
}

function coordinate(value: number): string {
  return String(Number(value.toFixed(2)))
}
