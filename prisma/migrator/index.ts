export { applyMigrations, applyMigrationsAround, type Load } from './apply.ts'
export { createMigration, diffSchema } from './create.ts'
export { migrationNames } from './migrations.ts'
