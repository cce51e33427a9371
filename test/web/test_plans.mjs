// Plans, pharmacy and the patient's page in a real browser: a plan from the list to its signature by keyboard, the proof
// of its dose, verification, mixing, the second person who answers first, a label struck through live by a changed dose,
// and a patient on a phone whose worrying word is answered at once.  node test_plans.mjs [VENULE] [SIM]
import assert from 'node:assert/strict'
import { axe, enter, launch, open } from './browser.mjs'
import { Centre, PASSWORD, Person } from './centre.mjs'

const TYPING = { delay: 60 } // slower than a scanner
const LIVE_MS = 4000

const tests = []
const test = (name, run) => tests.push({ name, run })
const clean = async (page, where) => assert.deepEqual(await axe(page), [], `axe on ${where}`)

const centre = new Centre({ venule: process.argv[2], sim: process.argv[3], ui: process.env.UI_DIR })
const browser = await launch()
let prescriber, pharmacist, technician, chosen, plan, prep, names

const nameOf = (login) => names.find((p) => p.login === login).name
const person = async (login, options) => {
  const page = await open(browser, centre.url, options)
  await enter(page, nameOf(login))
  return page
}
// The order of this plan's visit, ready to be mixed: booked, here, screened, measured, OK to treat.
async function ready(p) {
  const { visits, doses } = await centre.prescriber.view('plan', { plan: p })
  const visit = visits[0].id
  await centre.nurse1.do('consent.record', { plan: p, state: 'given' })
  await centre.scheduler.do('authorisation.record', { patient: chosen.id, drug: doses[0].drug, payer: 'demo-plain', number: 'PA-2', state: 'granted', start: '2026-11-01', end: '2027-05-01', units: 5000 })
  const { offers } = (await centre.scheduler.do('visit.offer', { visit, day: '2026-11-23', count: 12 })).result
  await centre.scheduler.do('visit.book', { visit, offer: offers[0].id })
  await centre.nurse1.do('visit.arrive', { visit })
  const { screens } = await centre.nurse1.view('bedside', { visit })
  for (const kind of new Set(screens.map((s) => s.kind)))
    await centre.nurse1.do('screen.record', { visit, kind, answers: Object.fromEntries(screens.filter((s) => s.kind === kind).map((s) => [s.id, s.answer === 'scale' ? '0' : 'no'])) })
  await centre.nurse1.do('vitals.record', { visit, phase: 'baseline', temp: 36.8, hr: 72, rr: 14, sbp: 124, dbp: 78, spo2: 98, oxygen: false, acvpu: 'A' })
  await centre.nurse1.do('line.place', { visit, line: 'peripheral 22 G, left forearm' })
  await centre.nurse1.do('visit.ok', { visit })
  return doses[0].order
}

test('a plan is found by typing, made from a preview and signed, by keyboard alone', async () => {
  prescriber = await person('prescriber')
  assert.equal(new URL(prescriber.url()).pathname, '/plans', 'a prescriber begins with the plans')
  await prescriber.locator('.plans-list tbody tr').first().waitFor()
  await clean(prescriber, 'plans')
  const { patients } = await centre.prescriber.view('patients')
  for (const p of patients.filter((x) => x.diagnosis && !x.plan)) {
    const { regimens } = await centre.prescriber.view('regimens', { patient: p.id })
    if (regimens.some((r) => r.regimen === 'fcm_ida')) { chosen = p; break }
  }
  await prescriber.keyboard.type(chosen.mrn, TYPING)
  await prescriber.locator('.plans-list tbody tr').nth(1).waitFor({ state: 'detached' })
  assert.ok((await prescriber.locator('.plans-list tbody tr').innerText()).includes(chosen.name))
  await prescriber.keyboard.press('Enter')
  await prescriber.locator('.offer').first().waitFor()
  await prescriber.keyboard.press('a')
  await prescriber.locator('.preview tbody tr').first().waitFor()
  assert.equal(await prescriber.locator('.preview tbody tr').count(), 2, 'both doses in the preview')
  await prescriber.locator('.proof', { hasText: 'second engine agrees' }).waitFor()
  await clean(prescriber, 'make a plan')
  await prescriber.keyboard.press('m')
  await prescriber.locator('.plan-head', { hasText: 'draft' }).waitFor()
  await prescriber.keyboard.press('s')
  await prescriber.locator('.plan-head', { hasText: 'signed' }).waitFor()
  plan = (await centre.prescriber.view('patients')).patients.find((p) => p.id === chosen.id).plan
  await clean(prescriber, 'a plan')
})

test('the proof shows the inputs and the numbers in between as the server has them', async () => {
  const { doses } = await centre.prescriber.view('plan', { plan })
  const shown = await prescriber.locator('.plan-side .proof').innerText()
  for (const i of doses[0].proof.inputs) assert.ok(shown.includes(i.name), `input ${i.name}`)
  for (const s of doses[0].proof.steps.filter((x) => x.name === 'cap' || x.name === 'rounded')) assert.ok(shown.includes(s.name), `step ${s.name}`)
  assert.ok(shown.startsWith(doses[0].dose), `the dose first: ${shown.slice(0, 30)}`)
  assert.ok(!/\d_\d|half_away|\[lb/.test(shown), 'no code words')
  await prescriber.keyboard.press('ArrowDown')
  await prescriber.locator('.plan-side h2', { hasText: 'visit 2' }).waitFor()
})

test('a dose held with a reason says so in its cell, and is released again', async () => {
  await prescriber.keyboard.press('h')
  await prescriber.locator('#form-reason').waitFor()
  await prescriber.keyboard.type('Dental work that week', TYPING)
  await prescriber.getByRole('button', { name: 'Hold', exact: true }).last().click()
  await prescriber.locator('.calendar tr', { hasText: 'Dental work that week' }).waitFor()
  await prescriber.waitForTimeout(200)
  await prescriber.keyboard.press('h')
  await prescriber.locator('.calendar .badge', { hasText: 'held' }).first().waitFor({ state: 'detached' })
})

test('the pharmacist verifies from the card, its proof beside it', async () => {
  pharmacist = await person('pharmacist')
  assert.equal(new URL(pharmacist.url()).pathname, '/pharmacy')
  await pharmacist.locator('.pcard', { hasText: chosen.name }).waitFor()
  await clean(pharmacist, 'pharmacy')
  await pharmacist.keyboard.press('ArrowDown')
  await pharmacist.locator('.pharm-side .proof').waitFor()
  await clean(pharmacist, 'verify')
  await pharmacist.keyboard.press('v')
  await pharmacist.locator('section[aria-label=Verify] .pcard').waitFor({ state: 'detached' })
  await prescriber.locator('.plan-head', { hasText: 'verified' }).waitFor({ timeout: LIVE_MS })
})

test('worksheet and label come by keyboard; the maker cannot check', async () => {
  const order = await ready(plan)
  technician = await person('technician')
  await technician.goto(`/pharmacy?order=${order}`)
  await technician.locator('.pcard.safe', { hasText: chosen.name }).waitFor()
  await technician.keyboard.press('s')
  await technician.locator('.worksheet tbody tr').first().waitFor()
  assert.match(await technician.locator('.pharm-side').innerText(), /Waste/)
  await technician.keyboard.press('l')
  await technician.locator('.label-paper').waitFor()
  assert.match(await technician.locator('.pharm-side').innerText(), /another person checks it/)
  await clean(technician, 'a bag')
  const href = await technician.locator('a', { hasText: 'Print (PDF)' }).getAttribute('href')
  const pdf = await technician.evaluate(async (at) => { const r = await fetch(at); return [r.status, (await r.text()).slice(0, 5)] }, href)
  assert.deepEqual(pdf, [200, '%PDF-'])
  prep = decodeURIComponent(href.match(/label\/(.+)\.pdf/)[1])
})

test('the checker answers first: nothing is shown, a wrong dose is refused, then both answers stand side by side', async () => {
  const { prep: bag } = await centre.pharmacist.view('prep', { prep })
  await pharmacist.locator('section[aria-label=Check] .pcard').click()
  await pharmacist.locator('#check-dose').waitFor()
  const dose = `${bag.dose.value} ${bag.dose.unit}`
  const seen = await pharmacist.locator('.pharmacy').innerText()
  assert.ok(!seen.includes(`${bag.dose.value}\u00a0${bag.dose.unit}`) && !(await pharmacist.locator('.pharm-side').innerText()).includes(String(bag.volume)), 'the first answer is hidden')
  assert.equal(await pharmacist.locator('section[aria-label=Check] .pcard', { hasText: String(bag.dose.value) }).count(), 0, 'on the card too')
  await clean(pharmacist, 'the check')
  await pharmacist.locator('#check-dose').fill('9 mg')
  await pharmacist.locator('#check-volume').fill(String(bag.volume))
  await pharmacist.evaluate((code) => window.venuleScan(code), bag.barcode)
  assert.equal(await pharmacist.locator('#check-barcode').inputValue(), bag.barcode, 'a scan goes to the barcode')
  await pharmacist.getByRole('button', { name: 'This is what I see' }).click()
  await pharmacist.locator('.refusal').waitFor()
  await pharmacist.keyboard.press('Escape')
  await pharmacist.locator('#check-dose').fill(dose)
  await pharmacist.locator('#check-dose').press('Enter')
  await pharmacist.locator('.compare').waitFor()
  assert.ok((await pharmacist.locator('.compare').innerText()).includes(dose))
  await clean(pharmacist, 'two answers')
  await pharmacist.locator('.derived > summary').click()
  await pharmacist.locator('.derived .proof', { hasText: 'second engine agrees' }).waitFor()
  await pharmacist.keyboard.press('r')
  await pharmacist.locator('section[aria-label=Release] .pcard').waitFor({ state: 'detached' })
})

test('a changed dose strikes the label through on the pharmacy page, live', async () => {
  const { doses } = await centre.prescriber.view('plan', { plan })
  await centre.prescriber.do('order.change', { order: doses[0].order, dose: { value: 500, unit: 'mg' } }, { reason: 'Ferritin came back higher' })
  await pharmacist.locator('.pcard .struck s', { hasText: prep }).waitFor({ timeout: LIVE_MS })
  await prescriber.locator('.dose-cell', { hasText: '500' }).first().waitFor({ timeout: LIVE_MS })
  await pharmacist.locator('section[aria-label=Verify] .pcard').click()
  await pharmacist.locator('.pharm-side', { hasText: 'Ferritin came back higher' }).waitFor()
  await clean(pharmacist, 'a struck label')
  await pharmacist.locator('.pharm-side .struck button').click()
  await pharmacist.locator('#form-reason').fill('Into the bin, with the technician')
  await pharmacist.getByRole('button', { name: 'It is thrown away' }).click()
  await pharmacist.locator('.struck').first().waitFor({ state: 'detached' })
})

test('a patient on a phone: one sentence, whom to call, a worrying word answered at once', async () => {
  const login = 'webpatient', admin = await new Person(centre.url).enter('admin')
  await admin.do('staff.add', { login, name: 'A Patient Herself', roles: 'patient', patient: chosen.id }, { password: PASSWORD })
  names.push({ login, name: 'A Patient Herself' })
  for (const dark of [false, true]) {
    const page = await person(login, { width: 390, height: 844, dark, touch: true })
    await page.locator('.me .headline').waitFor()
    assert.match(new URL(page.url()).pathname, /^\/patient\//)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out sideways')
    assert.match(await page.locator('.me-bar a').first().getAttribute('href'), /^tel:\d+/)
    await clean(page, `the patient's page, ${dark ? 'dark' : 'light'}`)
    if (!dark) {
      await page.getByRole('button', { name: 'Trouble breathing' }).click()
      await page.getByRole('button', { name: /^Tell us/ }).click()
      const flag = page.locator('.me-told.flag')
      await flag.waitFor()
      assert.match(await flag.locator('a').getAttribute('href'), /^tel:911$/)
      await page.locator('#ask-text').fill('<b>How long</b> will it take?')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.locator('.me-ask .me-told').waitFor()
      assert.equal(await page.locator('.me-asked b b').count(), 0, 'what a patient writes stays text')
      await page.locator('.me-asked', { hasText: 'How long' }).waitFor()
      await clean(page, 'an answer')
    }
    assert.deepEqual(page.faults, [])
    await page.context().close()
  }
})

test('no page threw anything', async () => {
  for (const page of [prescriber, pharmacist, technician]) assert.deepEqual(page.faults, [])
})

let failed = 0
try {
  await centre.start()
  centre.importPatients()
  await centre.staff()
  names = (await (await fetch(`${centre.url}/api/demo`)).json()).people
  for (const t of tests) {
    try {
      await t.run()
      console.log(`ok ${t.name}`)
    } catch (e) {
      failed++
      console.log(`FAILED ${t.name}\n${e.stack}`)
    }
  }
} finally {
  await browser.close()
  await centre.stop()
  centre.remove()
}
console.log(failed ? `${failed} failed` : `${tests.length} passed`)
process.exit(failed ? 1 : 0)
