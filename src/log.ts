import { pino, type Logger } from 'pino'
import type { Settings } from './settings.ts'

export type { Logger }

/** JSON lines on stderr, so that stdout stays free for answers. */
export function createLogger(settings: Pick<Settings, 'logLevel'>, name: string): Logger {
  return pino({ name, level: settings.logLevel }, pino.destination({ dest: 2, sync: true }))
}
