/** Runs work when all that was given before has ended, well or badly. */
export type TakeTurn = <Result>(work: () => Promise<Result>) => Promise<Result>

/** A line for work of which several at once would take too much memory. */
export function oneAtATime(): TakeTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
}
