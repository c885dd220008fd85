/** The element that stands for a group of a union-find, with the paths to it halved on the way. */
export function rootOf(parent: Int32Array, element: number): number {
  while (parent[element] !== element) {
    parent[element] = parent[parent[element]]
    element = parent[element]
  }
  return element
}
