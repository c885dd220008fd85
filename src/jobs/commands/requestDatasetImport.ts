import type { z } from 'zod'
import type { Database } from '../../store/database.ts'
import { checkFile } from '../../store/files.ts'
import { checkNameFree } from '../../store/names.ts'
import { checkName } from '../../store/path.ts'
import { importDatasetTask } from '../importDataset.ts'
import { enqueue } from '../queue.ts'

/** Queues the import of uploaded files; answers the job's id. Throws BAD_NAME, NAME_TAKEN, UNKNOWN_FILE. */
export async function requestDatasetImport(
  db: Database,
  request: z.infer<typeof importDatasetTask.payload>,
): Promise<string> {
  checkName(request.name)
  await checkNameFree(db, request.name)
  await checkFile(db, request.file)
  if (request.labels !== null) await checkFile(db, request.labels)
  if (request.vocabulary !== null) await checkFile(db, request.vocabulary)
  return db.prisma.$transaction((tx) => enqueue(tx, importDatasetTask, request, {}))
}
