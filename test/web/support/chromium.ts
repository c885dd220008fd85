import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const path = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Whether there is a browser to test with; says so, loudly, where there is none. */
export const hasChromium: boolean = existsSync(path)

if (!hasChromium)
  console.warn(
    `\n!!! The tests of the explorer are SKIPPED: there is no Chromium at ${path}.\n` +
      '!!! On Debian and Ubuntu: sudo bash scripts/install-chromium.sh. Elsewhere set CHROMIUM to the path of one.\n',
  )

/** Starts it, without a sandbox, which root cannot have, and without what it would ask its maker for. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}
