// The pictures under doc/img, from a running demo: node test/web/shot.mjs [URL]. Let its day run for a while first.
import { enter, launch, open, root } from './browser.mjs'

const url = process.argv[2] ?? 'http://127.0.0.1:8080'
const browser = await launch()
const view = (page, name) => page.evaluate(async (n) => (await fetch(`/api/view/${n}`)).json(), name)

async function shots(person, pages, size = {}) {
  const page = await open(browser, url, size)
  await enter(page, person)
  for (const [file, path] of pages) {
    const to = typeof path === 'string' ? path : await path(page)
    if (!to) { console.log(`${file}: nothing to show yet`); continue }
    await page.goto(to)
    await page.waitForTimeout(2500)
    await page.screenshot({ path: `${root}/doc/img/${file}.png` })
    console.log(`${file}.png ${to}`)
  }
  if (page.faults.length) throw new Error(page.faults.join('\n'))
  await page.context().close()
}

await shots('Amara', [['plans', '/plans'], ['plan', async (p) => {
  const r = (await view(p, 'patients')).patients.find((x) => x.plan && /globulin/.test(x.plan_title))
  return r && `/plan/${r.plan}`
}]])
await shots('Ines', [['pharmacy', '/pharmacy']])
await shots('Owen', [['schedule', '/schedule'], ['ready', '/ready']])
await shots('Hanna', [['charge', async (p) => {
  const r = (await view(p, 'charges')).visits.find((x) => x.state !== 'open')
  return r && `/charge/${r.visit}`
}]])
await shots('Noor', [['floor', '/floor'], ['bedside', async (p) => {
  const chairs = (await view(p, 'floor')).chairs
  const c = chairs.find((x) => x.state === 'running' && /globulin/.test(x.drug)) ?? chairs.find((x) => x.patient)
  return c && `/bedside/${c.visit}`
}]])
const phone = await open(browser, url, { width: 390, height: 844, touch: true })
await phone.goto('/')
await phone.locator('.person', { hasText: 'patient' }).nth(1).click()
await phone.waitForTimeout(3500)
await phone.screenshot({ path: `${root}/doc/img/patient.png` })
console.log('patient.png')
await browser.close()
