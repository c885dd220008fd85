import { setImmediate } from 'node:timers/promises'

/** Items that GraphQL completes in a turn of the event loop: a few milliseconds for objects of some fields. */
const ITEMS_A_TURN = 250

/**
 * A long list whose items are made and completed some at a time: between them the event loop serves others. An answer
 * of 20,000 polygons at once held it up for a third of a second.
 */
export function overTurns<Item>(length: number, item: (i: number) => Item): Promise<Item>[] {
  let turn: Promise<unknown> = Promise.resolve()
  return Array.from({ length }, (_, i) => {
    if (i > 0 && i % ITEMS_A_TURN === 0) turn = turn.then(() => setImmediate())
    return turn.then(() => item(i))
  })
}
