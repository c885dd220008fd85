import { AtlasError } from './errors.ts'

/** Whether nobody waits for some work any more. */
export type Stopped = () => boolean

/** For work that somebody waits for to its end. */
export const neverStopped: Stopped = () => false

/** Ends work that nobody waits for. Long work asks every 100 ms or so. Throws CANCELLED, which nobody reads. */
export function throwIfStopped(stopped: Stopped): void {
  if (stopped()) throw new AtlasError('CANCELLED', 'The work was stopped: nobody waits for it any more.')
}
