/** The page and its pictures, from claims and what was found of them. */
import { verdictOf, type Check, type Outcome } from './check.ts'
import type { Block, Claim, Finding, Table } from './claim.ts'
import { draw } from './plot/index.ts'

/** A claim with what its answers show. */
export interface Found {
  claim: Claim
  finding: Finding
}

const HOLDS: Record<Outcome, string> = { yes: 'yes', open: 'open', opposite: 'no, the opposite' }

const HEAD = `# The paper, asked of the sample atlas

What _Interpreting Neural Networks through the Polytope Lens_ (Black, Sharkey et al., 2022,
[arXiv:2211.12312](https://arxiv.org/abs/2211.12312)) claims, the queries that ask for it here, and what the sample atlas
answers: small dense networks on the 10,000 test images of MNIST, where the paper has InceptionV1 and GPT-2. The paper's
claims are given in our words; where it leaves open how much is enough, the bound is ours and stands beside the number.

\`npm run docs:paper\` makes this page anew, from a fresh sample atlas over HTTP. No verdict is written by hand: a claim is
**supported** where all its checks hold, **partly supported** where some do, **contradicted** where none does and the
opposite of one does, and **not supported** otherwise. A check on an estimate holds where its whole 95 % interval lies
on the right side of the bound; an interval around the bound leaves it open. A difference between two groups runs from
the one's lower to the other's upper end, which is wider than 95 % asks for.`

/** The Markdown of the page; `folder` is where the pictures lie, seen from the page. */
export function pageOf(found: readonly Found[], folder: string): string {
  const summary = tableText({
    columns: ['claim', 'section', 'verdict'],
    rows: found.map(({ claim, finding }) => [
      `[${claim.title}](#${anchor(claim.title)})`,
      claim.section ?? 'not in it',
      verdictOf(finding.checks),
    ]),
  })
  return [HEAD, summary, ...found.map((one) => section(one, folder))].join('\n\n') + '\n'
}

/** All pictures of the page: names of files, and what they hold. */
export function picturesOf(found: readonly Found[]): Map<string, string> {
  const plots = found.flatMap(({ finding }) => finding.blocks.filter(isPlot))
  return new Map(plots.map(({ file, plot }) => [`${file}.svg`, draw(plot)]))
}

function section({ claim, finding }: Found, folder: string): string {
  const files = [...new Set(claim.questions.map(({ query }) => query))]
  const links = files.map((file) => `[\`${file}.graphql\`](../examples/queries/${file}.graphql)`)
  return [
    `## ${claim.title}`,
    `${sourceOf(claim)}: ${claim.says}`,
    `**Asked with** ${links.join(', ')}`,
    ...finding.blocks.map((block) => blockText(block, folder)),
    checksText(finding.checks),
    `**Verdict: ${verdictOf(finding.checks)}.**`,
  ].join('\n\n')
}

function sourceOf({ section }: Claim): string {
  return section === null ? '**Not in the paper**' : `**The paper** (section ${section})`
}

function blockText(block: Block, folder: string): string {
  if (typeof block === 'string') return block
  if (isPlot(block)) return `![${block.plot.title}. ${block.plot.description}](${folder}/${block.file}.svg)`
  return tableText(block)
}

function checksText(checks: readonly Check[]): string {
  const rows = checks.map(({ statement, measured, outcome }) => [statement, measured, HOLDS[outcome]])
  return tableText({ columns: ['what must hold', 'measured', 'holds'], rows })
}

function tableText({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')
}

function isPlot(block: Block): block is Extract<Block, { plot: unknown }> {
  return typeof block === 'object' && 'plot' in block
}

/** As GitHub makes them of headings. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')
}
