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
const bedside = async (p) => {
  const chairs = (await view(p, 'floor')).chairs
  const c = chairs.find((x) => x.state === 'running' && /globulin/.test(x.drug)) ?? chairs.find((x) => x.patient)
  return c && `/bedside/${c.visit}`
}
await shots('Noor', [['floor', '/floor'], ['bedside', bedside]])
await shots('Noor', [['floor-dark', '/floor']], { dark: true })
await shots('Noor', [['bedside-tablet', bedside]], { width: 1024, height: 768, touch: true })
const first = await open(browser, url)
await first.goto('/')
await first.locator('.person').first().waitFor()
await first.screenshot({ path: `${root}/doc/img/sign-in.png` })
console.log('sign-in.png')
const phone = await open(browser, url, { width: 390, height: 844, touch: true })
await phone.goto('/')
await phone.locator('.person', { hasText: 'patient' }).nth(1).click()
await phone.waitForTimeout(3500)
await phone.screenshot({ path: `${root}/doc/img/patient.png` })
console.log('patient.png')
// Last, because it is an event of the demo's day: what a reaction looks like while the pump still runs.
const nurse = await open(browser, url)
await enter(nurse, 'Noor')
const at = await bedside(nurse)
if (at) {
  await nurse.goto(at)
  await nurse.locator('.strip-svg').waitFor()
  await nurse.keyboard.press('e')
  await nurse.getByRole('button', { name: 'Short of breath or wheeze' }).click()
  await nurse.keyboard.press('3')
  await nurse.locator('.reaction .step').first().waitFor()
  await nurse.waitForTimeout(6000) // the notice has gone
  await nurse.screenshot({ path: `${root}/doc/img/reaction.png` })
  console.log(`reaction.png ${at}`)
}
await browser.close()
