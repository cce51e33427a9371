// What was given, asked as FHIR while it runs, when it is in, and after it was corrected: real pumps of the simulator over
// TCP, patients from its bundles, the path over HTTP.
// usage: node test_given.mjs VENULE
import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { Centre } from '../web/centre.mjs'
import { runAll, sleep, test, venule } from './rig.mjs'

const SPEED = 200 // care seconds in one of ours
const centre = new Centre({ venule, sim: join(dirname(venule), 'sim', 'venule-sim'), speed: SPEED, pumps: true })
await centre.start()
centre.importPatients(8)
await centre.staff()
const { nurse1 } = centre

const fhir = async (path) => {
  const r = await fetch(`${centre.url}/fhir/R4/${path}`, { headers: { Cookie: nurse1.cookie } })
  assert.match(r.headers.get('content-type'), /^application\/fhir\+json/)
  return { status: r.status, json: await r.json() }
}
const administration = async (id) => {
  const r = await fhir('MedicationAdministration/' + id)
  assert.equal(r.status, 200, JSON.stringify(r.json))
  const found = await fhir(`MedicationAdministration?_id=${id}`)
  assert.equal(found.json.total, 1)
  assert.deepEqual(found.json.entry[0].resource, r.json)
  return r.json
}
const segments = (m) => (m.extension ?? []).map((x) => Object.fromEntries(x.extension.map((e) => [e.url, e.valuePeriod ?? e.valueCode ?? e.valueString ?? e.valueQuantity])))
const minutes = (p) => (Date.parse(p.end) - Date.parse(p.start)) / 60_000

// From the door to the hung bag.
async function hang(b, pump) {
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
  await nurse1.do('give.associate', { visit: b.visit, patient_code: b.patient.mrn, bag_code: bag.barcode, pump_code: pump, channel: 'A', badge_code: me.badge })
  return (await nurse1.view('bedside', { visit: b.visit })).drugs[0]
}

async function down(infusion) {
  await nurse1.do('give.flush', { infusion, volume: 20 })
  await nurse1.do('give.disconnect', { infusion })
}

test('running: in progress, with the rate that flows; then completed, with what flowed', async () => {
  const b = await centre.book('fcm_ida')
  const d = await hang(b, 'VP00003')
  assert.equal((await fhir('MedicationAdministration/' + d.infusion)).status, 404, 'hung is not given')
  assert.equal((await fhir('MedicationAdministration?patient=' + b.patient.id)).json.total, 0)
  const hand = await centre.pump('VP00003')
  for (const line of ['on', `program ${d.first_rate} ${d.ordered}`, 'start']) assert.equal(await hand(line), 'ok')
  await nurse1.do('give.start', { infusion: d.infusion, rate: d.first_rate })
  for (let i = 0; i < 50 && (await fhir('MedicationAdministration/' + d.infusion)).status === 404; i++) await sleep(100)
  await sleep(300)
  let m = await administration(d.infusion)
  assert.equal(m.status, 'in-progress')
  assert.equal(m.subject.reference, `Patient/${b.patient.id}`)
  assert.equal(m.effectivePeriod.end, undefined)
  assert.equal(m.device[0].identifier.value, 'VP00003')
  assert.equal(m.dosage.rateQuantity.value, d.first_rate)
  assert.equal(m.dosage.rateQuantity.code, 'mL/h')
  let [run] = segments(m)
  assert.equal(run.kind, 'running')
  assert.equal(run.source, 'pump')
  assert.equal(run.period.end, undefined)
  assert.equal((await fhir(`MedicationAdministration?patient=Patient/${b.patient.id}`)).json.total, 1)
  const state = async () => (await nurse1.view('bedside', { visit: b.visit })).drugs[0].state
  for (let i = 0; i < 300 && !['kvo', 'ended', 'paused'].includes(await state()); i++) await sleep(100)
  assert.equal(await hand('stop'), 'ok')
  await sleep(300)
  await down(d.infusion)
  m = await administration(d.infusion)
  assert.equal(m.status, 'completed')
  assert.ok(Math.abs(m.dosage.dose.value - 750) < 6, `750 mg: ${JSON.stringify(m.dosage)}`)
  assert.equal(m.dosage.dose.code, 'mg')
  run = segments(m).filter((s) => s.kind === 'running')
  assert.ok(run.every((s) => s.certainty === 'certain'))
  const flowed = run.reduce((n, s) => n + s.volume.value, 0)
  assert.ok(Math.abs(flowed - d.ordered) < 1.5, `${flowed} of ${d.ordered} mL`)
  assert.ok(m.effectivePeriod.end)
  assert.equal(m.note, undefined)
})

test('a mute pump: unknown until somebody says what flowed, then theirs, and corrected in the open', async () => {
  const b = await centre.book('fcm_ida')
  const d = await hang(b, 'VP00004') // nobody switched it on
  const { infusion } = d
  await nurse1.do('give.start', { infusion, rate: d.first_rate })
  await sleep(20 * 60_000 / SPEED)
  await nurse1.do('give.stop', { infusion })
  await down(infusion)
  let m = await administration(infusion)
  assert.equal(m.status, 'unknown')
  assert.match(m.dosage.text, /not known/)
  assert.equal(m.dosage.dose, undefined)
  assert.match(m.note[0].text, /no word of the pump/)
  await nurse1.do('give.reconcile', { infusion, volume: d.ordered, seen_by: 'bag weight' }, { reason: 'bag empty' })
  m = await administration(infusion)
  assert.equal(m.status, 'completed')
  assert.equal(m.dosage.dose.value, 750)
  assert.match(m.dosage.text, /as a person stated/)
  const was = segments(m).find((s) => s.kind === 'running')
  assert.equal(was.certainty, 'stated')
  assert.equal(was.source, 'nurse')
  const stop = (await nurse1.view('chart', { visit: b.visit })).entries.find((e) => e.record === 'flow_fact' && e.data.kind === 'stop')
  const right = new Date(Date.parse(stop.at) - 5 * 60_000).toISOString()
  await nurse1.do('chart.correct', { record: 'flow_fact', id: stop.id, field: 'happened', value: right }, { reason: 'read from the paper' })
  m = await administration(infusion)
  const is = segments(m).find((s) => s.kind === 'running')
  assert.ok(Math.abs(minutes(was.period) - 5 - minutes(is.period)) < 0.01, 'five minutes less')
  assert.equal(m.effectivePeriod.end, is.period.end)
  const note = m.note.at(-1)
  assert.match(note.text, /^Corrected: happened was .* read from the paper$/)
  assert.ok(note.time && note.authorString)
})

const ok = await runAll()
await centre.stop()
centre.remove()
process.exit(ok ? 0 : 1)
