// A small centre of its own for the page tests: a server on a store in a temporary directory, patients from the
// simulator, and colleagues who do over the API what the page under test does not.
import { execFileSync, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import { root } from './browser.mjs'

export const PASSWORD = 'demo-infusion'
const CARE_MORNING = '2026-11-23T13:00:00Z' // a Monday, 08:00 in the demo centre
const DELIVERIES = [['ferric_carboxymaltose', 'fcm_750'], ['ferric_carboxymaltose', 'fcm_100'], ['immune_globulin_10', 'ig_20'],
  ['immune_globulin_10', 'ig_10'], ['immune_globulin_10', 'ig_5']]

let keys = 0

export class Person {
  constructor(url) { this.url = url }

  async enter(login) {
    const r = await fetch(`${this.url}/api/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login, password: PASSWORD }) })
    assert.equal(r.status, 200, `${login} signs in`)
    this.cookie = r.headers.get('set-cookie').split(';')[0]
    this.csrf = (await r.json()).csrf
    return this
  }

  async send(name, input, extra = {}) {
    const r = await fetch(`${this.url}/api/command/${name}`, {
      method: 'POST', body: JSON.stringify({ input, ...extra }),
      headers: { 'Content-Type': 'application/json', Cookie: this.cookie, 'X-CSRF-Token': this.csrf, 'Idempotency-Key': `web-test-${process.pid}-${keys++}` },
    })
    return { status: r.status, json: await r.json() }
  }

  // Does it, giving a reason where a rule wants one.
  async do(name, input, extra = {}) {
    let r = await this.send(name, input, extra)
    const asked = r.json.refusals ?? []
    if (r.status === 422 && asked.length && asked.every((x) => x.severity !== 'hard stop')) {
      const reason = 'Looked at with the prescriber; goes ahead'
      r = await this.send(name, input, { ...extra, reason, override: asked.map((x) => ({ rule: x.rule, facts: x.facts_hash, reason })) })
    }
    assert.equal(r.status, 200, `${name} ${JSON.stringify(input)}: ${JSON.stringify(r.json)}`)
    return r.json
  }

  async view(name, params = {}) {
    const q = new URLSearchParams(params).toString()
    const r = await fetch(`${this.url}/api/view/${name}${q ? '?' + q : ''}`, { headers: { Cookie: this.cookie } })
    assert.equal(r.status, 200, `view ${name}`)
    return await r.json()
  }
}

export class Centre {
  constructor({ venule = join(root, 'build', 'venule'), sim = join(root, 'build', 'sim', 'venule-sim'), port = 0, speed = 1, ui, pumps = false } = {}) {
    Object.assign(this, { venule, sim, port, ui, pumps, started: [] })
    this.dir = mkdtempSync(join(tmpdir(), 'venule-web-'))
    this.db = `sqlite:${this.dir}/web.db`
    this.clock = `${CARE_MORNING}@${new Date().toISOString().slice(0, 19)}Z,${speed}`
  }

  async start() {
    const ui = this.ui ? ['--ui-dir', this.ui] : []
    this.child = spawn(this.venule, ['serve', '--db', this.db, '--http', `127.0.0.1:${this.port}`, '--demo', '--clock', this.clock, ...ui, ...(this.pumps ? ['--mllp', '127.0.0.1:0'] : [])])
    let said = '', wrong = ''
    this.child.stderr.on('data', (d) => { wrong += d })
    this.port = await new Promise((done, fail) => {
      this.child.stdout.on('data', (d) => {
        said += d
        const m = said.match(/http:\/\/[^:]+:(\d+)/)
        this.mllp = said.match(/pumps on ([^ ]+:\d+)/)?.[1]
        if (m && (this.mllp || !this.pumps)) done(Number(m[1]))
      })
      this.child.on('exit', (code) => fail(new Error(`the server ended with ${code}: ${wrong}`)))
    })
    this.url = `http://127.0.0.1:${this.port}`
    return this
  }

  async stop(signal = 'SIGTERM') {
    for (const p of this.started.splice(0)) p.kill()
    const ended = new Promise((done) => this.child.on('exit', done))
    this.child.kill(signal)
    await ended
  }

  // A pump of the simulator; what comes back does what the hand at its front does, one line at a time.
  async pump(serial) {
    const child = spawn(this.sim, ['pump', '--serial', serial, '--mllp', this.mllp, '--control', '0', '--clock', this.clock, '--every', '30'])
    this.started.push(child)
    const port = await new Promise((done, fail) => {
      child.on('exit', () => fail(new Error('the pump ended')))
      for (const out of [child.stdout, child.stderr]) out.on('data', (d) => { const m = String(d).match(/control (\d+)/); if (m) done(Number(m[1])) })
    })
    const hand = connect(port, '127.0.0.1')
    return (line) => new Promise((done) => {
      hand.once('data', (d) => done(String(d).trim()))
      hand.write(line + '\n')
    })
  }

  // One message as somebody's gateway sends it; what was answered.
  async say(message) {
    const [host, port] = this.mllp.split(':')
    const socket = connect(Number(port), host)
    const answer = await new Promise((done) => {
      socket.once('data', (d) => done(String(d)))
      socket.write(`\x0b${message}\x1c\r`)
    })
    socket.end()
    return answer
  }

  remove() { rmSync(this.dir, { recursive: true, force: true }) }

  importPatients(count = 6) {
    execFileSync(this.sim, ['patients', '--seed', '7', '--count', String(count), '--out', join(this.dir, 'fhir'), '--day', '2026-11-23'])
    const files = readdirSync(join(this.dir, 'fhir')).map((f) => join(this.dir, 'fhir', f))
    execFileSync(this.venule, ['import', '--db', this.db, ...files])
  }

  async staff() {
    for (const who of ['prescriber', 'pharmacist', 'technician', 'nurse1', 'scheduler']) this[who] = await new Person(this.url).enter(who)
    for (const [drug, product] of DELIVERIES) await this.technician.do('stock.receive', { drug, product, lot: `L${product}`, expires: '2027-09-30', owner: 'bought', vials: 40 })
  }

  // A plan from the record to a booking today, with one of these nurses.
  async book(regimen, nurse) {
    const { patients } = await this.prescriber.view('patients')
    for (const p of patients.filter((x) => !x.plan)) {
      const offered = (await this.prescriber.view('regimens', { patient: p.id })).regimens.find((r) => r.regimen === regimen)
      if (!offered) continue
      const plan = (await this.prescriber.do('plan.make', { patient: p.id, regimen, indication: offered.indication, first_day: '2026-11-23' })).id
      await this.prescriber.do('plan.sign', { plan })
      await this.pharmacist.do('plan.verify', { plan })
      await this.nurse1.do('consent.record', { plan, state: 'given' })
      const view = await this.prescriber.view('plan', { plan })
      const visit = view.visits[0].id
      const dose = view.doses[0]
      await this.scheduler.do('authorisation.record', { patient: p.id, drug: dose.drug, payer: 'demo-plain', number: 'PA-1', state: 'granted', start: '2026-11-01', end: '2027-05-01', units: 5000 })
      const { offers } = (await this.scheduler.do('visit.offer', { visit, day: '2026-11-23', count: 12 })).result
      assert.ok(offers.length, 'an offer today')
      const wanted = offers.find((o) => !nurse || o.nurse === nurse) ?? offers[0]
      await this.scheduler.do('visit.book', { visit, offer: wanted.id })
      return { patient: p, plan, visit, order: dose.order, chair: wanted.chair, nurse: wanted.nurse }
    }
    throw new Error(`no patient is offered ${regimen}`)
  }

  // The pharmacy mixes, checks and releases; what is on the label comes back.
  async mix(order) {
    const prep = (await this.technician.do('prep.start', { order })).id
    await this.technician.do('prep.label', { prep })
    const bag = (await this.pharmacist.view('prep', { prep })).prep
    await this.pharmacist.do('prep.check', { prep, barcode: bag.barcode, dose: bag.dose, volume: bag.volume })
    await this.pharmacist.do('prep.release', { prep })
    return bag
  }
}
