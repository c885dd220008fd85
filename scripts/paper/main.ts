/** `npm run docs:paper`: asks a fresh sample atlas what the paper claims, and writes docs/paper.md and its pictures. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { packageRoot } from '../../src/packageRoot.ts'
import { claims } from './claims/index.ts'
import { pageOf, picturesOf, type Found } from './page.ts'
import { withSampleAtlas } from './sampleAtlas.ts'

const PICTURES = 'paper'
const WIDTH = 120
const docs = join(packageRoot, 'docs')
const page = join(docs, 'paper.md')

const found = await withSampleAtlas(async (ask) => {
  const found: Found[] = []
  for (const claim of claims) {
    console.error(`Asking: ${claim.title}`)
    const answers: unknown[] = []
    for (const question of claim.questions) answers.push(await ask(question))
    found.push({ claim, finding: claim.read(answers) })
  }
  return found
})
const options = {
  ...(await resolveConfig(page)),
  parser: 'markdown',
  proseWrap: 'always',
  printWidth: WIDTH,
} as const
const text = await format(pageOf(found, PICTURES), options)
const pictures = picturesOf(found)
await writeFile(page, text)
await rm(join(docs, PICTURES), { recursive: true, force: true })
await mkdir(join(docs, PICTURES))
for (const [file, picture] of pictures) await writeFile(join(docs, PICTURES, file), picture)
