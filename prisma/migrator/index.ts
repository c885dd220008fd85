export { applyMigrations } from './apply.ts'
export { createMigration, diffSchema } from './create.ts'
