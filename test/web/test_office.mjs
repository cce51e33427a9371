// The pages of the office in a real browser: day board, ready, charges, statement; keys alone, and axe finds nothing
// serious on any of them.  node test_office.mjs [VENULE] [SIM]
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { axe, enter, launch, open, root } from './browser.mjs'
import { Centre, Person } from './centre.mjs'

const TYPING = { delay: 60 } // slower than a scanner
const DAY = '2026-11-23'

const tests = []
const test = (name, run) => tests.push({ name, run })
const centre = new Centre({ venule: process.argv[2], sim: process.argv[3], speed: 60, pumps: true }) // a minute a second: what is hung at the start has flowed when it is charged
const browser = await launch()
let page, first, second, third, running

const clean = async (where) => assert.deepEqual(await axe(page), [], `axe on ${where}`)
const blockOf = (b) => page.locator(`.board [data-visit="${b.visit}"]`)
const booking = async (visit) => (await centre.scheduler.view('schedule', { day: DAY })).blocks.find((b) => b.visit === visit)
const wears = async (who) => {
  if (page) {
    assert.deepEqual(page.faults, [])
    await page.context().close()
  }
  page = await open(browser, centre.url)
  await enter(page, who)
}

// One patient over the API, from the door until the drug runs; and to the end of the drug.
async function treat(b) {
  const { nurse1 } = centre
  await nurse1.do('visit.arrive', { visit: b.visit })
  const { screens } = await nurse1.view('bedside', { visit: b.visit })
  for (const kind of new Set(screens.map((s) => s.kind)))
    await nurse1.do('screen.record', { visit: b.visit, kind, answers: Object.fromEntries(screens.filter((s) => s.kind === kind).map((s) => [s.id, s.answer === 'scale' ? '0' : /eaten/.test(s.text) ? 'yes' : 'no'])) })
  await nurse1.do('vitals.record', { visit: b.visit, phase: 'baseline', temp: 36.8, hr: 72, rr: 14, sbp: 122, dbp: 76, spo2: 98, acvpu: 'A', oxygen: false })
  await nurse1.do('weight.record', { visit: b.visit, weight: { value: Math.round(parseFloat((await nurse1.view('bedside', { visit: b.visit })).banner.weight)), unit: 'kg' } })
  await nurse1.do('line.place', { visit: b.visit, line: 'peripheral 22 G, left forearm' })
  await nurse1.do('visit.ok', { visit: b.visit })
  const bag = await centre.mix(b.order)
  const me = (await nurse1.view('staff')).staff.find((s) => s.login === 'nurse1')
  await nurse1.do('give.associate', { visit: b.visit, patient_code: b.patient.mrn, bag_code: bag.barcode, pump_code: 'VP00003', channel: 'A', badge_code: me.badge })
  const { infusion, first_rate, ordered } = (await nurse1.view('bedside', { visit: b.visit })).drugs[0]
  const hand = await centre.pump('VP00003')
  assert.equal(await hand('on'), 'ok')
  assert.equal(await hand(`program ${first_rate} ${ordered}`), 'ok')
  assert.equal(await hand('start'), 'ok')
  await nurse1.do('give.start', { infusion, rate: first_rate })
  return { infusion, hand }
}

async function end({ infusion, hand }) {
  const over = async () => ['ended', 'kvo'].includes((await centre.nurse1.view('bedside', { visit: second.visit })).drugs[0].state)
  for (let i = 0; i < 200 && !(await over()); i++) await new Promise((done) => setTimeout(done, 200))
  assert.ok(await over(), 'the bag is in')
  assert.equal(await hand('stop'), 'ok')
  await centre.nurse1.do('give.disconnect', { infusion })
}

test('the board shows the booked visit, and keys walk it', async () => {
  await wears('Owen Tarrant')
  await page.waitForURL('**/schedule')
  await blockOf(first).waitFor()
  assert.equal(await page.locator('.board-row').count(), 12)
  await clean('schedule')
  await page.keyboard.press('ArrowDown')
  await page.locator('.side-panel').waitFor()
  await page.keyboard.press('v')
  await page.locator('.board.by-nurses').waitFor()
  assert.ok(await blockOf(first).isVisible(), 'also among the nurses')
  await clean('schedule by nurses')
  await page.keyboard.press('v')
  await page.locator('.board.by-chairs').waitFor()
})

test('a visit is moved with the keys, after its cost was shown and with a yes', async () => {
  const before = await booking(first.visit)
  await blockOf(first).click()
  await page.keyboard.press('m')
  const panel = page.locator('.side-panel.moving')
  await panel.waitFor()
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
  await panel.getByText('1 h later').waitFor()
  assert.equal((await booking(first.visit)).start, before.start, 'nothing moves without a yes')
  await clean('a move')
  await page.keyboard.press('Enter')
  await panel.waitFor({ state: 'detached' })
  const after = await booking(first.visit)
  assert.equal(Date.parse(after.start) - Date.parse(before.start), 3600_000)
  assert.equal(after.chair, before.chair)
})

test('a move onto somebody else is refused in words, and the visit stays', async () => {
  const there = await booking(second.visit), before = await booking(first.visit)
  const block = await blockOf(first).boundingBox(), to = await blockOf(second).boundingBox()
  await page.mouse.move(block.x + 20, block.y + 12)
  await page.mouse.down()
  await page.mouse.move(block.x + 40, block.y + 12, { steps: 4 })
  await page.mouse.move(to.x + 20, to.y + 12, { steps: 6 })
  await page.mouse.up()
  const panel = page.locator('.side-panel.moving')
  await panel.getByText(`${there.chair} is taken by`).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.refusal').first().waitFor()
  await clean('a refused move')
  await page.keyboard.press('Escape')
  await panel.getByRole('alert').waitFor()
  assert.match(await panel.getByRole('alert').innerText(), /Not moved/)
  assert.equal((await booking(first.visit)).start, before.start)
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
})

test('unbooked with a reason it is due; a time is chosen from offers with their reasons', async () => {
  await blockOf(first).click()
  await page.keyboard.press('u')
  await page.locator('#form-reason').waitFor()
  await page.keyboard.press('Enter')
  assert.equal((await booking(first.visit)).state, 'booked', 'not without a reason')
  await page.keyboard.type('Asked for another time', TYPING)
  await page.locator('.mantine-Modal-content .btn.main').click()
  await blockOf(first).waitFor({ state: 'detached' })
  const item = page.locator('.due-item', { hasText: first.patient.name }).first()
  await item.waitFor()
  await item.focus()
  await page.keyboard.press('Enter')
  await page.locator('.offer').first().waitFor()
  assert.ok((await page.locator('.offer .why').first().innerText()).length > 10, 'the reason stands with it')
  await clean('offers')
  await page.keyboard.press(String(await page.locator('.offer').count())) // the last: here a minute is a second, and the first may be over
  await page.locator('.toast', { hasText: 'booked' }).waitFor()
  const visit = (await centre.prescriber.view('plan', { plan: first.plan })).visits.find((v) => v.id === first.visit)
  assert.equal(visit.state, 'booked')
})

test('ready: the fact that is missing has its owner, and is mended from its chip', async () => {
  await centre.nurse1.do('consent.record', { plan: third.plan, state: 'withdrawn' })
  await wears('Noor Haddad')
  await page.goto('/ready')
  await page.locator('.ready-row').first().waitFor()
  await clean('ready')
  const row = page.locator('.ready-row', { hasText: third.patient.name }).first()
  const chip = row.locator('button.chip', { hasText: 'consent' })
  await chip.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'given', exact: true }).click()
  await page.locator('.mantine-Modal-content .btn.main').click()
  await chip.waitFor({ state: 'detached' })
})

test('charges: a line is tied to the minutes that made it; made and closed by keys', async () => {
  await end(running)
  await wears('Hanna Wirth')
  await page.waitForURL('**/charges')
  const row = page.locator('.charges-table tr', { hasText: second.patient.name })
  await row.waitFor()
  await clean('charges')
  await row.locator('a').focus()
  await page.keyboard.press('Enter')
  await page.locator('.charge-line').first().waitFor()
  const lines = await page.locator('.charge-line').count()
  assert.ok(lines >= 2, 'the service and the drug')
  assert.equal(await page.locator('.ties-drawing .tie').count(), lines, 'each line is tied')
  await page.keyboard.press('ArrowDown')
  await page.locator('.tie.at').waitFor()
  await page.keyboard.press('m')
  await page.locator('.charge-head .badge', { hasText: 'made' }).waitFor()
  await clean('a charge')
  await page.keyboard.press('f')
  await page.locator('.charge-head .badge', { hasText: 'final' }).waitFor()
  const { charge } = await centre.biller.view('charge', { visit: second.visit })
  assert.equal(charge.state, 'final')
})

test('the statement prints without the frame, with the sum', async () => {
  await page.keyboard.press('s')
  await page.locator('.statement').waitFor()
  await clean('statement')
  const { head } = await centre.biller.view('statement', { visit: second.visit })
  await page.locator('.statement tfoot', { hasText: head.total }).waitFor()
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.locator('.rail').isVisible(), false)
  assert.equal(await page.getByRole('button', { name: 'Print' }).isVisible(), false)
  assert.ok(await page.locator('.statement').isVisible())
  await page.emulateMedia({ media: 'screen' })
})

test('interfaces: a message nobody understands waits in sight, with its segment; mapped from its row, it is taken in', async () => {
  const pump = (await centre.nurse1.view('pumps')).pumps[0].pump
  const message = readFileSync(`${root}/test/wire/pcd01_periodic.hl7`, 'utf8').replace(/\r?\n/g, '\r').replaceAll('VP-2207', 'PUMP-OLD-NAME')
  assert.match(await centre.say(message), /ERR\|.*\|204/)
  await wears('Kirsten Boyle')
  await page.getByRole('link', { name: /could not be used/ }).waitFor()
  await page.goto('/interfaces')
  const row = page.locator('.failed-row', { hasText: 'PUMP-OLD-NAME' })
  await row.waitFor()
  assert.match(await row.locator('.failed-line mark').innerText(), /PUMP-OLD-NAME/)
  await clean('interfaces')
  await row.getByRole('button', { name: 'It is another pump' }).focus()
  await page.keyboard.press('Enter')
  await page.locator('.mantine-Modal-content input').first().fill(pump)
  await page.keyboard.press('Enter')
  await page.locator('.failed-row', { hasText: 'settled' }).waitFor()
  await page.getByText('No message waits').waitFor()
})

test('the same pages hold in the dark on a tablet', async () => {
  assert.deepEqual(page.faults, [])
  await page.context().close()
  page = await open(browser, centre.url, { width: 1024, height: 768, dark: true, touch: true })
  await enter(page, 'Noor Haddad')
  for (const [path, there] of [['/schedule', '.board-row'], ['/ready', '.ready-row'], ['/charges', '.charges-table'], [`/charge/${second.visit}`, '.charge-line']]) {
    await page.goto(path)
    await page.locator(there).first().waitFor()
    await clean(`${path} in the dark`)
    assert.ok(await page.evaluate(() => document.querySelector('#page').scrollWidth <= document.querySelector('#page').clientWidth + 1), `${path} is not wider than the screen`)
  }
  assert.deepEqual(page.faults, [])
})

let failed = 0
try {
  await centre.start()
  centre.importPatients(12)
  await centre.staff()
  centre.biller = await new Person(centre.url).enter('biller')
  const me = (await centre.nurse1.view('staff')).staff.find((s) => s.login === 'nurse1')
  first = await centre.book('ivig_pid', me.id)
  second = await centre.book('fcm_ida', me.id)
  third = await centre.book('fcm_ida')
  running = await treat(second)
  for (const t of tests) {
    try {
      await t.run()
      console.log(`ok   ${t.name}`)
    } catch (e) {
      failed++
      console.log(`FAIL ${t.name}\n${e.stack}`)
      if (process.env.SHOTS && page) await page.screenshot({ path: `${process.env.SHOTS}/office-${tests.indexOf(t)}.png` }).catch(() => {})
    }
  }
} finally {
  await browser.close()
  await centre.stop().catch(() => {})
  centre.remove()
}
console.log(`${tests.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
