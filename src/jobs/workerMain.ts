/** Entry of a worker process: works until it is told to stop, its parent is gone, or the database is lost. */
import { createLogger } from '../log.ts'
import { readSettings } from '../settings.ts'
import { startWatchedWorker } from './watchedWorker.ts'

const settings = readSettings()
const log = createLogger(settings, 'worker')
if (settings.databaseUrl === undefined) throw new Error('The worker needs DATABASE_URL.')

const worker = await startWatchedWorker(settings.databaseUrl, settings, (level, message) =>
  log[level](message),
)
const stop = () => void worker.stop().then(() => process.exit(0))
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
process.on('disconnect', stop)
worker.finished.catch((error: unknown) => {
  log.error(error, 'the worker stops')
  process.exit(1)
})
