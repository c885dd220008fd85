import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AtlasError } from '../../../compute/errors.ts'
import type { ServingSettings } from '../../settings.ts'

/** What is counted apart: answers, uploads, downloads, keys that were wrong, operations over WebSocket. */
export type Route = 'graphql' | 'files' | 'regions' | 'session' | 'subscriptions'

/** Too much at once or in a minute. */
export class TooMuch extends AtlasError {
  readonly retryAfterSeconds: number

  constructor(code: string, message: string, retryAfterSeconds: number) {
    super(code, message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Lets a request in and answers what to call when it is over. Rejects with TooMuch. */
export type Enter = (account: string, route: Route) => Promise<() => void>

const WINDOW_SECONDS = 60
/** What share of the rate each route has: an upload may fill 4 GiB of disk, and a key is sent wrong a few times at most. */
const SHARE: Record<Route, number> = { graphql: 1, regions: 1, subscriptions: 1, files: 0.1, session: 0.01 }

/** Holds the limits of each account on each route; counted in this process, so that each server has its own. */
export function createEnter({
  rateLimit,
  concurrency,
}: Pick<ServingSettings, 'rateLimit' | 'concurrency'>): Enter {
  const inside = new Map<string, number>()
  const limiters = new Map<Route, RateLimiterMemory>()
  const limiterOf = (route: Route) => {
    let limiter = limiters.get(route)
    if (!limiter) {
      const points = Math.max(1, Math.ceil(rateLimit * SHARE[route]))
      limiters.set(route, (limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS })))
    }
    return limiter
  }
  return async (account, route) => {
    if (rateLimit !== Infinity) await takeOne(limiterOf(route), account)
    const place = `${route} ${account}`
    const count = inside.get(place) ?? 0
    if (count >= concurrency)
      throw new TooMuch(
        'TOO_MANY_AT_ONCE',
        `${count} requests of yours are being answered, and at most ${concurrency} are at once: wait for one of them.`,
        1,
      )
    inside.set(place, count + 1)
    let left = false
    return () => {
      if (left) return
      left = true
      const others = (inside.get(place) ?? 1) - 1
      if (others > 0) inside.set(place, others)
      else inside.delete(place)
    }
  }
}

async function takeOne(limiter: RateLimiterMemory, account: string): Promise<void> {
  try {
    await limiter.consume(account)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
    throw new TooMuch(
      'RATE_LIMITED',
      `You asked ${limiter.points} times within a minute, which is what one may: ask again in ${seconds} s.`,
      seconds,
    )
  }
}
