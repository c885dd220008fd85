#!/usr/bin/env node
import { reportFailure } from './failure.ts'
import { createProgram } from './program.ts'

// `atlas list | head` closes the pipe early: nothing is left to say then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const program = createProgram()
try {
  await program.parseAsync()
} catch (error) {
  const code = reportFailure(error, program.opts<{ json?: boolean }>().json ?? false)
  // Whatever failed may have left a socket or a timer; what was said goes out first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}
