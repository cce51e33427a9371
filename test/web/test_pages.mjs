// The pages in a real browser: sign in, floor, bedside with nothing but the keyboard and a scanner, a reaction, live
// changes, a lost link; axe finds nothing serious on any of them.  node test_pages.mjs [VENULE] [SIM]
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { axe, enter, launch, open, root } from './browser.mjs'
import { Centre } from './centre.mjs'

const need = createRequire(join(root, 'web', 'package.json'))
const TYPING = { delay: 60 } // slower than a scanner
const LIVE_MS = 1500

const tests = []
const test = (name, run) => tests.push({ name, run })

const centre = new Centre({ venule: process.argv[2], sim: process.argv[3] })
const browser = await launch()
let nurse, booked, bag

const clean = async (page, where) => assert.deepEqual(await axe(page), [], `axe on ${where}`)
// A scanner: all keys at once, as trusted keyboard events, whatever has the focus.
const scan = async (page, code) => {
  page.keys ??= await page.context().newCDPSession(page)
  const sent = [], began = Date.now() / 1000
  for (const ch of [...code, '\r']) {
    const key = ch === '\r' ? { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 } : { key: ch }
    const timestamp = began + sent.length * 0.004
    sent.push(page.keys.send('Input.dispatchKeyEvent', { type: 'keyDown', text: ch, timestamp, ...key }), page.keys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key }))
  }
  await Promise.all(sent)
  await page.waitForTimeout(80)
}

test('numbers and times read as the field writes them', async () => {
  const built = need('esbuild').buildSync({ entryPoints: [join(root, 'web/src/ui/format.ts')], bundle: true, format: 'esm', platform: 'node', write: false,
    alias: { react: join(root, 'web/node_modules/react') } })
  const f = await import('data:text/javascript;base64,' + Buffer.from(built.outputFiles[0].text).toString('base64'))
  const table = [
    [f.num(1.10), '1.1'], [f.num('5.0'), '5'], [f.num(0.5), '0.5'], [f.num(1250.5), '1,250.5'], [f.num(-2), '−2'], [f.num(166.666, 1), '166.7'], [f.num(-0.01, 1), '0'],
    [f.qty(750, 'mg'), '750\u00a0mg'], [f.qty(37.20, 'Cel'), '37.2\u00a0°C'], [f.qty(0.3, 'ug'), '0.3\u00a0mcg'], [f.qty(400, '[IU]'), '400\u00a0units'], [f.qty(undefined, 'mg'), ''],
    [f.money(12.5), '12.50'], [f.date('1968-07-14'), '14-Jul-1968'], [f.span(80 * 60000), '1\u00a0h 20\u00a0min'], [f.span(30000), '30\u00a0s'], [f.relative(0, 240000), '4\u00a0min ago'],
    [f.relative(240000, 0), 'in 4\u00a0min'], [f.clock('2026-11-23T13:05:00Z'), '13:05'], [f.listed(['a', 'b', 'c']), 'a, b and c'],
  ]
  for (const [is, should] of table) assert.equal(is, should)
})

test('a wrong password is told at its field; a person walks in with one key', async () => {
  const page = await open(browser, centre.url)
  await page.goto('/')
  await page.locator('#login').fill('nurse1')
  await page.locator('#password').fill('not it')
  await page.keyboard.press('Enter')
  await page.locator('#wrong', { hasText: 'wrong' }).waitFor()
  await clean(page, 'sign-in')
  await page.locator('.person', { hasText: 'Noor Haddad' }).focus()
  await page.keyboard.press('Enter')
  await page.locator('.topbar').waitFor()
  assert.equal(new URL(page.url()).pathname, '/floor')
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

test('the floor shows chairs, who comes, and the keys of the page', async () => {
  nurse = await open(browser, centre.url)
  await enter(nurse, 'Noor Haddad')
  await nurse.locator('.chair').first().waitFor()
  assert.equal(await nurse.locator('.chair').count(), 12)
  await nurse.locator('.walk', { hasText: booked.patient.name }).waitFor()
  await clean(nurse, 'floor')
  await nurse.keyboard.press('?')
  await nurse.locator('.keys-list', { hasText: 'Wall display' }).waitFor()
  await clean(nurse, 'keys')
  await nurse.keyboard.press('Escape')
  await nurse.keyboard.press('w')
  await nurse.locator('.shell.wall').waitFor()
  assert.equal(await nurse.getByText(booked.patient.name.split(',')[0]).count(), 0, 'no name on the wall')
  await nurse.keyboard.press('w')
  await nurse.locator('.shell:not(.wall)').waitFor()
})

test('a scanned wristband goes to the patient from anywhere, and lands in no field', async () => {
  await nurse.keyboard.press('Control+k')
  await nurse.locator('[role=combobox]').waitFor()
  await nurse.keyboard.type('zz', TYPING)
  await scan(nurse, booked.patient.mrn)
  const value = await nurse.locator('[role=combobox]').inputValue()
  assert.ok(!value.includes('zz' + booked.patient.mrn.slice(0, 6)), `the field kept its own text: ${value}`)
  await nurse.keyboard.press('Escape')
  await nurse.goto(`/bedside/${booked.visit}`)
  await nurse.locator('.banner', { hasText: booked.patient.name }).waitFor()
})

test('arrival, screens, vital signs, weight, line and OK to treat by keyboard alone', async () => {
  const now = (text) => nurse.locator('.actions .btn', { hasText: text })
  await now('Arrived').waitFor()
  await nurse.keyboard.press('a')
  await now('How are you today?').waitFor()
  for (let guard = 0; guard < 6; guard++) {
    const form = nurse.locator('.actions .btn').filter({ hasText: /How are you|infection|Before immune/ }).first()
    if (!(await form.count())) break
    const title = (await form.innerText()).split('\n')[0]
    await form.focus()
    await nurse.keyboard.press('Enter')
    const rows = nurse.locator('.question')
    await rows.first().waitFor()
    for (let i = 0, n = await rows.count(); i < n; i++) {
      const scale = (await rows.nth(i).locator('button').count()) > 2
      await nurse.keyboard.press(scale ? '1' : /eaten/.test(await rows.nth(i).innerText()) ? 'y' : 'n')
      await nurse.waitForTimeout(70)
    }
    await clean(nurse, 'a screen')
    await nurse.locator('.mantine-Modal-content').focus()
    await nurse.keyboard.press('Enter')
    await nurse.locator('.question').first().waitFor({ state: 'detached' })
    await now(title).waitFor({ state: 'detached' })
  }
  await nurse.keyboard.press('v')
  await nurse.locator('#v-temp').waitFor()
  await clean(nurse, 'vital signs')
  for (const v of ['37.1', '72', '14', '122', '76', '98']) {
    await nurse.keyboard.type(v, TYPING)
    await nurse.keyboard.press('Enter')
  }
  await nurse.locator('.rung.done', { hasText: 'Vital signs' }).waitFor()
  await now('Vein access').waitFor().catch(() => {})
  if (await now('Vein access').count()) {
    await nurse.keyboard.press('l')
    for (const word of ['22 G', 'left forearm']) {
      await nurse.locator('.mantine-Modal-content').getByRole('button', { name: word, exact: true }).focus()
      await nurse.keyboard.press('Enter')
    }
    await nurse.locator('.mantine-Modal-content').getByRole('button', { name: 'Record' }).focus()
    await nurse.keyboard.press('Enter')
    await nurse.locator('.rung.done', { hasText: 'Vein access' }).waitFor()
  }
  await nurse.keyboard.press('w')
  await nurse.locator('input[name=weight]').waitFor()
  await nurse.keyboard.type(String(Math.round(parseFloat(booked.weight))), TYPING)
  await nurse.keyboard.press('Enter')
  await nurse.locator('input[name=weight]').waitFor({ state: 'detached' })
  await nurse.keyboard.press('o')
  await nurse.getByRole('button', { name: 'Sign OK to treat' }).waitFor()
  await nurse.keyboard.press('Enter')
  const why = nurse.locator('#override-reason')
  await Promise.race([why.waitFor(), nurse.locator('.rung.done', { hasText: 'OK to treat' }).waitFor()])
  if (await why.count()) {
    await clean(nurse, 'refusals')
    await nurse.keyboard.type('Seen with the prescriber', TYPING)
    await nurse.getByRole('button', { name: 'Go on with this reason' }).focus()
    await nurse.keyboard.press('Enter')
  }
  await nurse.locator('.rung.done', { hasText: 'OK to treat' }).waitFor()
})

test('vein access and a released bag: four scans hang it, typing in a field is left alone', async () => {
  const place = nurse.locator('.actions .btn', { hasText: 'Vein access' })
  if (await place.count()) await centre.nurse1.do('line.place', { visit: booked.visit, line: 'peripheral 22 G, left forearm' })
  bag = await centre.mix(booked.order)
  await nurse.locator('.actions .btn:not([aria-disabled=true])', { hasText: 'Hang' }).waitFor()
  await nurse.keyboard.press('h')
  await nurse.locator('#slot-patient').waitFor()
  await clean(nurse, 'hang')
  await scan(nurse, 'BADGE-1001') // a colleague's
  await scan(nurse, booked.patient.mrn)
  await scan(nurse, bag.barcode)
  await scan(nurse, 'VP00003')
  await nurse.getByText('the badge is not the one of who is signed in').first().waitFor()
  await clean(nurse, 'a hard stop')
  await nurse.keyboard.press('Escape')
  await nurse.locator('.slot', { hasText: 'Your badge' }).getByRole('alert').waitFor()
  await scan(nurse, 'BADGE-1007')
  await nurse.locator('.slots').waitFor({ state: 'detached' })
  const scans = (await centre.nurse1.view('bedside', { visit: booked.visit })).drugs[0]
  assert.equal(scans.state, 'associated')
})

test('record start; the strip shows the step and reads every row at one moment', async () => {
  await nurse.keyboard.press('b')
  const rate = nurse.locator('input[name=rate]')
  await rate.waitFor()
  assert.notEqual(await rate.inputValue(), '', 'the first step is offered')
  await nurse.keyboard.press('Enter')
  await rate.waitFor({ state: 'detached' })
  const strip = nurse.locator('.strip-svg')
  await strip.waitFor()
  assert.ok(await nurse.locator('.planned').count() + await nurse.locator('.block').count() > 0, 'rate blocks are drawn')
  const before = await strip.getAttribute('aria-valuetext')
  for (let i = 0; i < 3; i++) await nurse.keyboard.press('ArrowLeft')
  const after = await strip.getAttribute('aria-valuetext')
  assert.notEqual(after, before)
  assert.match(after, /mL/)
  await nurse.keyboard.press('Home')
  await clean(nurse, 'bedside')
})

test('a change is on a colleague’s floor without a reload', async () => {
  const other = await open(browser, centre.url)
  await enter(other, 'Peter Vance')
  const chair = other.locator('.chair', { hasText: booked.patient.name.split(',')[0] })
  await chair.waitFor()
  const began = Date.now()
  await centre.nurse1.do('reaction.record', { visit: booked.visit, infusion: (await centre.nurse1.view('bedside', { visit: booked.visit })).drugs[0].infusion, grade: 2, symptoms: 'Itching', stopped_by_hand: false })
  await other.locator('.chair.reaction').waitFor({ timeout: LIVE_MS })
  console.log(`     reaction on the floor after ${Date.now() - began} ms (command included)`)
  assert.match(await other.locator('.walk .task').first().innerText(), /Reaction/)
  await clean(other, 'floor with a reaction')
  assert.deepEqual(other.faults, [])
  await other.context().close()
})

test('the reaction page begins with the hand, names the rescue drug, and never hides the strip', async () => {
  const panel = nurse.locator('section.reaction')
  await panel.waitFor()
  assert.equal(await panel.locator('.first').innerText(), 'STOP THE PUMP BY HAND')
  assert.ok(await nurse.locator('.strip-svg').isVisible())
  await panel.getByText('diphenhydrAMINE 25 to 50 mg').waitFor()
  await nurse.keyboard.press('4')
  await panel.getByText('EPINEPHrine 0.3 to 0.5 mg').waitFor()
  await clean(nurse, 'reaction')
  await nurse.keyboard.press('x')
  await nurse.locator('#stop-volume').waitFor()
  await nurse.keyboard.type('2.5', TYPING)
  await nurse.keyboard.press('Enter')
  await nurse.locator('#stop-volume').waitFor({ state: 'detached' })
})

test('the story of the visit, with who and why', async () => {
  await nurse.goto(`/explain/${booked.visit}`)
  await nurse.locator('.story-row').first().waitFor()
  assert.ok(await nurse.locator('.story-row').count() >= 4)
  await clean(nurse, 'story')
})

test('a lost link is an alarm of its own; what was there stays, and comes back live', async () => {
  await nurse.goto('/floor')
  await nurse.locator('.chair').first().waitFor()
  await centre.stop()
  await nurse.locator('.link.lost').waitFor({ timeout: 8000 })
  assert.ok(await nurse.locator('.chair').count() > 0, 'the floor is still shown')
  await clean(nurse, 'floor without a link')
  await centre.start()
  await nurse.locator('.link:not(.lost)', { hasText: 'live' }).waitFor({ timeout: 12000 })
})

test('at 400 px the page still holds, in the dark too', async () => {
  const small = await open(browser, centre.url, { width: 400, height: 800, dark: true })
  await enter(small, 'Noor Haddad')
  await small.goto(`/bedside/${booked.visit}`)
  await small.locator('.strip-svg').waitFor()
  const wide = await small.evaluate(() => [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('svg, .strip')).map((e) => e.className || e.tagName).slice(0, 5))
  assert.deepEqual(wide, [], 'nothing is wider than the screen')
  await clean(small, 'bedside at 400 px, dark')
  assert.deepEqual(small.faults, [])
  await small.context().close()
})

test('no page has thrown', async () => { assert.deepEqual(nurse.faults, []) })

let failed = 0
try {
  await centre.start()
  centre.importPatients()
  await centre.staff()
  const me = await centre.nurse1.view('staff')
  booked = await centre.book('ivig_pid', me.staff.find((s) => s.login === 'nurse1').id)
  booked.weight = (await centre.nurse1.view('bedside', { visit: booked.visit })).banner.weight
  for (const t of tests) {
    try {
      await t.run()
      console.log(`ok   ${t.name}`)
    } catch (e) {
      failed++
      console.log(`FAIL ${t.name}\n${e.stack}`)
      if (process.env.SHOTS && nurse) await nurse.screenshot({ path: `${process.env.SHOTS}/fail-${tests.indexOf(t)}.png` }).catch(() => {})
    }
  }
} finally {
  await browser.close()
  await centre.stop().catch(() => {})
  centre.remove()
}
console.log(`${tests.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
