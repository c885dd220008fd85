/** Number of elements of a tensor of this shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** A shape as sentences give it, e.g. [3, 4]: of a file's absurdly many axes, the first few. */
export function shapeText(shape: readonly (number | bigint | string)[]): string {
  return `[${shape.slice(0, 8).join(', ')}${shape.length > 8 ? ', …' : ''}]`
}
