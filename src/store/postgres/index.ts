export { findPostgres, startPostgres, type PostgresHandle } from './start.ts'
