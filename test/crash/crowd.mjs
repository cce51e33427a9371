// The crowd of the crash tests: 8 people sending commands, 20 pumps sending messages, and one page looking and listening,
// without pause, to a server that goes away and comes back. Each sends the same thing again until it is acknowledged, as a browser and a pump do, and
// notes every acknowledgement. `count` compares the notes with what the store holds.
import { spawnSync } from 'node:child_process'
import { Client, Gateway, sleep } from '../serve/rig.mjs'

export const PEOPLE = 8, PUMPS = 20
const [found, simulator] = process.argv.slice(3)

// ---- numbers by seed (xorshift32): a round can be played again ------------------------------------------------------
export class Random {
  constructor(seed) { this.s = (seed * 2654435761 >>> 0) || 1 }
  next() {
    let x = this.s
    x ^= x << 13; x >>>= 0
    x ^= x >>> 17
    x ^= x << 5
    return this.s = x >>> 0
  }
  below(n) { return this.next() % n }
}

// ---- what is said ----------------------------------------------------------------------------------------------------
const two = (n) => String(n).padStart(2, '0')
export const hl7Time = (ms) => {
  const d = new Date(ms)
  return `${d.getUTCFullYear()}${two(d.getUTCMonth() + 1)}${two(d.getUTCDate())}${two(d.getUTCHours())}${two(d.getUTCMinutes())}${two(d.getUTCSeconds())}+0000`
}

const mds = (serial) => `OBX|1||70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC|1.0.0.0|||||||X|||||||${serial}^M5^0A11C2FFFE44AA00^EUI-64`
const head = (p, id, at, type, profile) =>
  `MSH|^~\\&|BED${p.serial}^0A11C2FFFE330001^EUI-64|NORTHFIELD|VENULE^0A11C2FFFE330002^EUI-64|NORTHFIELD|${at}||${type}|${id}|P|2.6|||AL|NE||ASCII|en^English^ISO639||${profile}`

function delivery(p, flowing) {
  const state = flowing ? ['infusing', 'delivering'] : ['not-infusing', 'not-delivering']
  return [
    'OBX|4||70050^MDC_DEV_PUMP_INFUS_LVP_VMD^MDC|1.1.0.0|||||||X',
    'OBX|5||70067^MDC_DEV_PUMP_DELIVERY_INFO^MDC|1.1.1.0|||||||X',
    `OBX|6|CWE|184519^MDC_PUMP_INFUSING_STATUS^MDC|1.1.1.1|^pump-status-${state[0]}||||||R`,
    `OBX|7|NM|158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC|1.1.1.2|${flowing ? p.rate : 0}|265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM|||||R`,
    'OBX|8|CWE|158016^MDC_DEV_PUMP_ACTIVE_SOURCES^MDC|1.1.1.3|^pump-source-info-primary||||||R',
    'OBX|9||70071^MDC_DEV_PUMP_INFUSATE_SOURCE_PRIMARY^MDC|1.1.2.0|||||||X',
    `OBX|10|CWE|158005^MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS^MDC|1.1.2.1|^pump-delivery-status-${state[1]}||||||R`,
    'OBX|11|ST|158012^MDC_DEV_PUMP_SOURCE_CHANNEL_LABEL^MDC|1.1.2.4|A||||||R',
    `OBX|12|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.2.5|${p.rate}|265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM|||||R`,
    `OBX|13|NM|157993^MDC_VOL_FLUID_DELIV_TOTAL^MDC|1.1.2.7|${(p.total / 10).toFixed(1)}|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM|||||R`,
  ]
}

// The next message of a pump: mostly telemetry, every third a start or stop, which must become exactly one fact.
function message(p, id, now) {
  const at = hl7Time(now)
  p.total += 1
  if (p.said % 3 !== 2)
    return { id, fact: false, text: [head(p, id, at, 'ORU^R01^ORU_R01', 'IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO'),
      `OBR|1|ORD1^VENULE|F1^BED|2000999^drug^RxNorm|||${at}`, mds(p.serial), ...delivery(p, p.flowing)].join('\r') + '\r' }
  p.flowing = !p.flowing
  const event = p.flowing ? '197288^MDC_EVT_PUMP_DELIV_START^MDC' : '197290^MDC_EVT_PUMP_DELIV_STOP^MDC'
  return { id, fact: true, text: [head(p, id, at, 'ORU^R42^ORU_R01', 'IHE_PCD_010^IHE PCD^1.3.6.1.4.1.19376.1.6.4.10^ISO'),
    `OBR|1|ORD1^VENULE|F1^BED|2000999^drug^RxNorm|||${at}`, mds(p.serial),
    `OBX|2|CWE|68487^MDC_ATTR_EVT_COND^MDC|1.0.0.1|${event}||||||R`,
    'OBX|3|ST|68488^MDC_ATTR_EVT_SOURCE^MDC|1.0.0.2|1.1.2.0||||||R', ...delivery(p, p.flowing)].join('\r') + '\r' }
}

// The next command of a person: one event, several events, many events.
function command(who, n, centre) {
  const patient = centre.patients[n % centre.patients.length], own = centre.patients[(n & ~1 | who.number & 1) % centre.patients.length]
  switch (who.login) {
    case 'admin': return ['chair.add', { id: `Z${who.number}-${n}`, pod: 'Z', bed: false, place: 1000 + n % 8000, active: false }]
    case 'pharmacist': return ['stock.receive', { drug: centre.stock.drug, product: centre.stock.product, lot: `L${who.number}-${n}`, expires: '2031-01-31', owner: 'bought', vials: 1 + n % 3 }]
    case 'prescriber': return who.plan
      ? ['plan.stop', { plan: who.plan }, { reason: 'made for this test' }]
      : ['plan.make', { patient: own.id, regimen: own.regimen, indication: own.indication, first_day: centre.day }]
    default: return ['question.ask', { patient: patient.id, text: `How long does it take, number ${who.number}-${n}?` }]
  }
}

export class Crowd {
  constructor(server, { now = () => Date.now(), tag = 's' } = {}) {
    this.server = server
    this.now = now
    this.tag = tag
    this.commands = new Map() // key: answer
    this.messages = new Map() // id: must it be a fact
    this.refused = new Map()  // what was answered with an error, by its text: for the curious
    this.seen = 0             // times the page was shown whole
    this.heard = 0            // live events it heard
    this.stopped = false
    this.trouble = []
  }

  // Signs in, registers the pumps, learns the patients. The server runs.
  async furnish(centre) {
    this.centre = centre
    const admin = new Client(this.server)
    await admin.login('admin')
    const logins = ['admin', 'pharmacist', 'prescriber', 'prescriber', 'nurse1', 'nurse2', 'nurse1', 'nurse2']
    this.people = []
    for (let i = 0; i < PEOPLE; i++) {
      const c = new Client(this.server)
      const r = await c.login(logins[i])
      if (r.status !== 200) throw new Error(`${logins[i]}: ${r.text}`)
      this.people.push({ login: logins[i], client: c, number: i, n: 0 })
    }
    this.pumps = []
    for (let i = 0; i < PUMPS; i++) {
      const serial = `CR-${two(i)}`
      const r = await admin.command('pump.add', { id: serial, model: 'M5', channels: 1, active: true })
      if (r.status !== 200) throw new Error(r.text)
      this.pumps.push({ serial, rate: 50 + i, total: 0, said: 0, flowing: false })
    }
    this.centre.seq = (await admin.raw('GET', '/healthz')).json.seq
  }

  start() { this.running = [...this.people.map((p) => this.person(p)), ...this.pumps.map((p) => this.pump(p)), this.page()] }

  // Commands, messages, the page and its live events all come again, within `ms`; else an error.
  async goesOn(after, ms = 20000) {
    const was = [this.commands.size, this.messages.size, this.seen, this.heard], wanted = [20, 50, 2, 1]
    for (const end = Date.now() + ms; ; await sleep(10)) {
      const is = [this.commands.size, this.messages.size, this.seen, this.heard]
      if (is.every((n, i) => n >= was[i] + wanted[i])) return
      if (this.server.child.exitCode !== null) throw new Error(`the server ended with ${this.server.child.exitCode}: ${this.server.error}`)
      if (Date.now() > end) throw new Error(`not everybody goes on after ${after}: commands, messages, pages, events ${was} to ${is}; ${this.trouble.at(-1)}`)
    }
  }

  async stop() {
    this.stopped = true
    await Promise.all(this.running)
  }

  async person(who) {
    while (!this.stopped) {
      const n = ++who.n, key = `${this.tag}-${who.number}-${n}`
      const [name, input, extra] = command(who, n, this.centre)
      for (;;) {
        let r
        try { r = await who.client.command(name, input, { key, ...extra }) } catch { /* away */ }
        if (r?.status === 200 || r?.status === 422) // a recorded refusal is an answer too: kept, the same again
          this.commands.set(key, { name, text: `${r.status} ${r.text}` })
        if (r?.status === 200) {
          if (name === 'plan.make') who.plan = r.json.id
          if (name === 'plan.stop') who.plan = undefined
          break
        }
        if (r && r.status < 500) {
          this.refused.set(`${name} ${r.status} ${r.json?.detail ?? r.text}`.slice(0, 200), key)
          if (name === 'plan.stop') who.plan = undefined
          break
        }
        if (r) this.trouble.push(`${name} ${r.status} ${r.text.slice(0, 200)}`)
        if (this.stopped) return
        await sleep(5)
      }
    }
  }

  // A page on somebody's screen: fetched again and again, its stream of live events opened again when it ends.
  async page() {
    const c = this.people[4].client
    let stream
    while (!this.stopped) {
      const r = await c.view('floor').catch(() => undefined)
      if (r?.status === 200) this.seen++
      if (r?.status === 401) this.trouble.push(`signed out: ${r.text}`)
      if (r && (!stream || stream.closed)) stream = await c.listen().catch(() => undefined)
      if (stream) this.heard += stream.events.splice(0).filter((e) => e.json?.seq).length
      await sleep(50)
    }
    stream?.close()
  }

  async pump(p) {
    let line
    while (!this.stopped) {
      const m = message(p, `${this.tag}-${p.serial}-${++p.said}`, this.now())
      for (;;) {
        const ack = await this.exchange(p, m).catch(() => undefined)
        const code = ack?.split('\r').find((s) => s.startsWith('MSA|'))?.split('|')[1]
        if (code === 'CA' || code === 'AA') {
          this.messages.set(m.id, m.fact)
          break
        }
        if (ack) this.trouble.push(`${m.id}: ${ack.split('\r').slice(1).join(' ').slice(0, 300)}`)
        if (this.stopped) return
        p.line?.close()
        p.line = undefined
        await sleep(5)
      }
    }
    p.line?.close()
  }

  async exchange(p, m) {
    if (!p.line || p.line.closed || p.port !== this.server.pumps) {
      p.line?.close()
      p.port = this.server.pumps
      p.line = await connect(p.port)
    }
    p.line.write(Gateway.frame(m.text))
    for (const until = Date.now() + 5000; Date.now() < until && !p.line.closed; await sleep(2))
      if (p.line.answers.length) return p.line.answers.shift()
    if (p.line.answers.length) return p.line.answers.shift()
  }
}

// A Gateway whose open fails instead of waiting for ever when nobody listens.
async function connect(port) {
  const g = new Gateway()
  await Promise.race([g.open(port), (async () => {
    while (!g.socket || (!g.socket.destroyed && g.socket.connecting)) await sleep(3)
    if (g.socket.destroyed) throw new Error('nobody listens')
  })()])
  return g
}

// ---- the count -------------------------------------------------------------------------------------------------------

// The store's content as crash-found prints it.
export function look(db) {
  const r = spawnSync(found, [db], { encoding: 'utf8', maxBuffer: 1 << 30 })
  if (r.status !== 0) throw new Error(`crash-found: ${r.stderr}`)
  const store = { answers: new Map(), events: [], inbox: new Map(), facts: new Map() }
  for (const line of r.stdout.split('\n')) {
    if (!line) continue
    const o = JSON.parse(line)
    if ('answer' in o) store.answers.set(o.answer, o.text)
    else if ('event' in o) store.events.push(o)
    else if ('message' in o) {
      if (!o.whole) throw new Error(`message ${o.message} of ${o.sender} is in the inbox and cannot be read`)
      if (!o.sender.startsWith('failed ')) store.inbox.set(o.message, (store.inbox.get(o.message) ?? 0) + 1)
    } else store.facts.set(o.fact, (store.facts.get(o.fact) ?? 0) + 1)
  }
  return store
}

// Every acknowledged thing there once and whole; nothing there in part. Throws with the first that is not.
export function count(crowd, db) {
  const store = look(db), event = new Map(store.events.map((e) => [e.event, e]))
  const of = new Map() // seq: the answer that names it
  let commands = 0, messages = 0
  for (const [key, kept] of store.answers) {
    if (!kept.startsWith('200 ')) continue
    for (const e of JSON.parse(kept.slice(4)).events) {
      const is = event.get(e.seq)
      if (!is || is.type !== e.type || is.subject !== e.subject) throw new Error(`half: ${key} names event ${e.seq} ${e.type}, which is not there`)
      if (of.has(e.seq)) throw new Error(`twice: event ${e.seq} is of ${key} and of ${of.get(e.seq)}`)
      of.set(e.seq, key)
    }
  }
  for (const [key, said] of crowd.commands) {
    const kept = store.answers.get(key)
    if (kept === undefined) throw new Error(`lost: ${said.name} ${key} was acknowledged and is not there: ${said.text}`)
    if (kept !== said.text) throw new Error(`changed: ${key} was answered ${said.text}; kept is ${kept}`)
    commands++
  }
  const ours = new Set(['chair.add', 'stock.receive', 'plan.make', 'plan.stop', 'question.ask'])
  for (const e of store.events)
    if (ours.has(e.command) && e.type !== 'rule.refused' && e.event > crowd.centre.seq && !of.has(e.event))
      throw new Error(`half: event ${e.event} ${e.type} of ${e.command} has no answer`)
  for (const [id, fact] of crowd.messages) {
    const times = store.inbox.get(id) ?? 0, facts = store.facts.get(id) ?? 0
    if (times !== 1) throw new Error(`message ${id} was acknowledged and is in the inbox ${times} times`)
    if (fact ? facts !== 1 : facts > 1) throw new Error(`message ${id} was acknowledged and made ${facts} facts`)
    messages++
  }
  for (const id of store.facts.keys())
    if (!id.endsWith('/last') && !store.inbox.has(id)) throw new Error(`half: a fact of message ${id}, which is not in the inbox`)
  return { acknowledged: crowd.commands.size, commands, received: crowd.messages.size, messages, events: store.events.length }
}

export function verify(server) {
  const r = server.cli('verify')
  if (r.status !== 0 || !/^ledger whole: \d+ events, replay equal$/m.test(r.out)) throw new Error(`verify: ${r.out}${r.err}`)
}

// A demonstration centre with patients in it; the server does not run yet.
export async function centre(server, day) {
  const out = `${server.dir}/patients`
  const r = spawnSync(simulator, ['patients', '--seed', '5', '--count', '4', '--out', out, '--day', day], { encoding: 'utf8' })
  if (r.status !== 0) throw new Error(r.stderr)
  const files = spawnSync('sh', ['-c', `ls ${out}/*.json`], { encoding: 'utf8' }).stdout.trim().split('\n')
  await server.start()
  const i = server.cli('import', ...files)
  if (i.status !== 0) throw new Error(i.err)
  return await learn(server, day)
}

// What the crowd must know: who the patients are, and which plan suits whom.
async function learn(server, day) {
  const doctor = new Client(server), nurse = new Client(server)
  await doctor.login('prescriber')
  await nurse.login('nurse1')
  const patients = []
  for (const p of (await doctor.view('patients')).json.patients) {
    const r = (await doctor.view('regimens', { patient: p.id })).json.regimens[0]
    await nurse.command('allergy.record', { patient: p.id })
    if (r) patients.push({ id: p.id, regimen: r.regimen, indication: r.indication })
  }
  if (!patients.length) throw new Error('no patient has a regimen')
  return { patients, day, stock: { drug: 'ferric_carboxymaltose', product: 'fcm_750' } }
}
