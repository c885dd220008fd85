import type { Stopped } from '../../stopped.ts'
import { boundBy, boundingBox, isBeyond } from './bounds.ts'
import { Dictionary } from './dictionary.ts'
import { movedTo, type PlacedPolytope } from './placed.ts'
import { randomDirections } from './random.ts'
import { shoot, TOUCH } from './rays.ts'
import { nextEdge, PivotRule } from './simplex.ts'
import { lengthOf } from './vectors.ts'

/** Redundant rows in a row, by dimension, after which a bounding box takes the far ones out. */
const BOX_AFTER = 2
/** Dictionaries built anew for one row before it is given up. */
const MAX_REBUILDS = 3
/** Rays to one point, from different sources, until one hits a facet clearly. */
const MAX_SOURCES = 8

export interface SearchLimits {
  /** Linear programs for rows at most; rows that a ray hits, or that are far away, need none. */
  maxPrograms: number
  /** Asked between linear programs: true stops the search. */
  stopped: Stopped
}

/** Facets of a polytope, as far as the limits let them be found. */
export interface FacetSearch {
  /** Of each facet's row, a point inside of its face. */
  places: Map<number, Float64Array>
  /** All of them are found. */
  complete: boolean
}

/**
 * The non-redundant rows of a polytope that holds a ball of this radius around the origin, by Clarkson's method ("More
 * output-sensitive geometric algorithms", 1994): a row that no point violates inside of the facets known so far is
 * redundant; where a point does, the segment to it from inside leaves the polytope through a facet not known yet. Each
 * linear program starts where the last one ended. The nearest rows come first: once these bring no facets any more, a
 * bounding box shows most of the others to be redundant.
 */
export function findFacets(polytope: PlacedPolytope, radius: number, limits: SearchLimits): FacetSearch {
  const search = new Search(polytope, radius)
  search.shootRays()
  const { offsets } = polytope
  const order = Array.from(offsets.keys()).sort((x, y) => offsets[x] - offsets[y])
  let programs = 0
  let redundant = 0
  let box: Float64Array | undefined
  let complete = true
  for (const row of order) {
    if (search.places.has(row) || (box && isBeyond(polytope, row, box))) continue
    if (programs >= limits.maxPrograms || limits.stopped()) {
      complete = false
      break
    }
    programs++
    if (!search.decide(row)) complete = false
    redundant = search.places.has(row) ? 0 : redundant + 1
    if (redundant === BOX_AFTER * polytope.dimension) box ??= search.boundingBox()
  }
  return { places: search.places, complete }
}

class Search {
  readonly places = new Map<number, Float64Array>()
  readonly #polytope: PlacedPolytope
  readonly #radius: number
  readonly #directions: () => Float64Array
  /** Over the facets known so far. */
  readonly #dictionary: Dictionary

  constructor(polytope: PlacedPolytope, radius: number) {
    this.#polytope = polytope
    this.#radius = radius
    this.#directions = randomDirections(polytope.dimension)
    // Room for all rows, and for a direction.
    this.#dictionary = new Dictionary(polytope, polytope.rows + 1, 1e-12 * radius)
  }

  /** Finds facets by random rays, as long as they bring more than linear programs of the same cost would. */
  shootRays(): void {
    const { rows, dimension } = this.#polytope
    let missed = 0
    while (missed <= (dimension * this.places.size) / (2 * rows)) {
      const direction = this.#directions()
      const hit = shoot(this.#polytope, direction)
      missed++
      if (!hit?.clear || this.places.has(hit.row)) continue
      missed = 0
      this.places.set(
        hit.row,
        direction.map((value) => value * hit.length),
      )
      this.#dictionary.append(hit.row)
    }
  }

  /** See {@link boundingBox}. */
  boundingBox(): Float64Array {
    return boundingBox(this.#dictionary, this.#polytope)
  }

  /** Finds out whether a row is a facet; false where rounding makes that impossible. */
  decide(row: number): boolean {
    let target = this.#dictionary.append(row)
    for (let rebuilds = 0; rebuilds < MAX_REBUILDS;) {
      const beyond = this.#climb(target)
      if (beyond === 'INSIDE' && this.#isRedundant(row, target)) {
        this.#dictionary.remove(target)
        return true
      }
      const found = beyond instanceof Float64Array ? this.#facetTowards(beyond) : undefined
      if (found === row && this.#restore(target, target)) return true
      if (found === undefined || found === row || !this.#restore(this.#dictionary.append(found), target)) {
        this.#rebuild()
        if (this.places.has(row)) return true
        target = this.#dictionary.append(row)
        rebuilds++
      }
    }
    this.#rebuild()
    return false
  }

  /** Goes where the target's slack is least: answers a point clearly beyond its row, if there is one. */
  #climb(target: number): Float64Array | 'INSIDE' | 'LOST' {
    const dictionary = this.#dictionary
    const rule = new PivotRule(dictionary)
    const offset = this.#polytope.offsets[dictionary.basic[target]]
    for (;;) {
      const edge = nextEdge(dictionary, target, 1, rule)
      if (edge === undefined) return 'INSIDE'
      const { column, direction, place } = edge
      const slack = dictionary.value(target)
      const rate = Math.abs(dictionary.table[target * (dictionary.columns + 1) + column])
      // Twice as far as the row is far enough.
      const length = Math.min(edge.length, (slack + offset) / rate)
      const depth = length * rate - slack
      if (depth > 0) {
        const point = dictionary.pointAt(column, direction * length)
        if (depth > TOUCH * lengthOf(point)) return point
      }
      if (place < 0 || !rule.note(edge.length)) return 'LOST'
      dictionary.pivot(place, column)
    }
  }

  /** Goes back to where the slack at a place is 0 or more, which a new facet's may not be. The target stops nothing. */
  #restore(place: number, target: number): boolean {
    const dictionary = this.#dictionary
    const rule = new PivotRule(dictionary)
    while (dictionary.value(place) < 0) {
      const edge = nextEdge(dictionary, place, -1, rule, target)
      if (edge === undefined) return false
      const rate = Math.abs(dictionary.table[place * (dictionary.columns + 1) + edge.column])
      const reached = -dictionary.value(place) <= edge.length * rate
      if (!rule.note(edge.length)) return false
      dictionary.pivot(reached ? place : edge.place, edge.column)
      if (reached) return true
    }
    return true
  }

  /** The row follows from the facets, or only touches: the bound that these give is no more than its offset. */
  #isRedundant(row: number, target: number): boolean {
    const { normals, offsets, dimension } = this.#polytope
    const bound = boundBy(this.#dictionary, this.#polytope, target, normals, row * dimension)
    return bound - offsets[row] <= TOUCH * lengthOf(this.#dictionary.pointAt())
  }

  /**
   * The facet through which the segment to a point outside leaves the polytope; undefined where it is a known one, or
   * none: then the point was not outside. Sources inside are drawn at random until the answer is clear. Where it never
   * is (rows that nearly are the same), the nearest row counts.
   */
  #facetTowards(point: Float64Array): number | undefined {
    let nearest: { row: number; place: Float64Array } | undefined
    for (let source = 0; source < MAX_SOURCES; source++) {
      const scale = source === 0 ? 0 : this.#radius / 2
      const origin = this.#directions().map((value) => value * scale)
      const from = source === 0 ? this.#polytope : movedTo(this.#polytope, origin)
      const direction = point.map((value, j) => value - origin[j])
      const hit = shoot(from, direction)
      if (hit === undefined || hit.length >= 1) return undefined
      nearest = { row: hit.row, place: direction.map((value, j) => origin[j] + value * hit.length) }
      if (hit.clear) break
    }
    if (nearest === undefined || this.places.has(nearest.row)) return undefined
    this.places.set(nearest.row, nearest.place)
    return nearest.row
  }

  /** The dictionary of the facets known so far, at the origin, without what it has rounded. */
  #rebuild(): void {
    this.#dictionary.clear()
    for (const row of this.places.keys()) this.#dictionary.append(row)
  }
}
