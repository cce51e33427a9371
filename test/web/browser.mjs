// A real browser on the pages: Debian's Chromium through playwright-core (installed with web/).
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const need = createRequire(join(root, 'web', 'package.json'))
export const axeSource = () => need.resolve('axe-core/axe.min.js')

export async function launch() {
  const { chromium } = need('playwright-core')
  return await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  })
}

// A page of its own browser context; what goes wrong in it is kept in page.faults.
export async function open(browser, url, { width = 1366, height = 768, dark = false, touch = false } = {}) {
  const context = await browser.newContext({ baseURL: url, viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', hasTouch: touch, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.faults = []
  page.on('pageerror', (e) => page.faults.push(String(e)))
  page.on('console', (m) => { if (m.type() === 'error' && !/status of (401|404|422|409)|net::ERR/.test(m.text())) page.faults.push(m.text()) })
  return page
}

// Signs in by the demonstration's card.
export async function enter(page, name) {
  await page.goto('/')
  await page.locator('.person', { hasText: name }).first().click()
  await page.locator('.topbar').waitFor()
}

// What axe finds that is serious or critical.
export async function axe(page) {
  await page.evaluate(readFileSync(axeSource(), 'utf8')) // the pages' own policy forbids foreign scripts
  const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'] })).violations)
  return found.filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.impact} ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`)
}
