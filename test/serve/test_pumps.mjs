// Pumps over TCP: acknowledged after the commit, once for each message, and whatever is wrong is said and harmless.
// usage: node test_pumps.mjs VENULE
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, Gateway, Server, runAll, sleep, test } from './rig.mjs'

const golden = (name) => readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../wire', name), 'utf8').replace(/\r?\n/g, '\r')
const clock = `2026-06-04T18:15:05Z@${new Date().toISOString()},1` // a moment after the golden messages
const server = await new Server(['--demo', '--mllp', '127.0.0.1:0', '--clock', clock]).start()
const admin = new Client(server)
await admin.login('admin')
const pump = await new Gateway().open(server.pumps)

const seqNow = async () => (await admin.raw('GET', '/healthz')).json.seq
const figure = async (name) => Number((await admin.raw('GET', '/metrics')).text.match(new RegExp(`^${name} (\\d+)$`, 'm'))[1])
const segment = (ack, name) => ack.split('\r').find((s) => s.startsWith(name + '|'))?.split('|')
const telemetry = golden('pcd01_periodic.hl7')
const renumber = (message, id) => message.replace(/\|Q1\d+\|P\|/, `|${id}|P|`)

async function refused(message, code, says) {
  const before = await seqNow(), failures = await figure('venule_pump_messages_failed_total')
  const ack = await pump.send(message)
  assert.ok(ack, 'an answer came')
  assert.match(segment(ack, 'MSA')[1], /^(CE|CR|AE|AR)$/, ack)
  assert.ok(segment(ack, 'ERR')[3].startsWith(code), ack)
  assert.match(segment(ack, 'ERR').join('|'), says)
  const noted = await seqNow() - before // a cause not seen before is noted, once
  assert.ok(noted === 0 || noted === 1, `the ledger moved by ${noted}`)
  assert.equal(await figure('venule_pump_messages_failed_total'), failures + 1)
  return ack
}

let first

test('an unknown pump is refused by its serial', async () => {
  await refused(telemetry, '204', /VP-2207/)
})

test('known, the same message is taken: the acknowledgement names it', async () => {
  assert.equal((await admin.command('pump.add', { id: 'VP-2207', model: 'M5', channels: 1, active: true })).status, 200)
  first = await pump.send(telemetry)
  assert.deepEqual(segment(first, 'MSA').slice(0, 3), ['MSA', 'CA', 'Q1001'])
  const row = (await admin.view('pumps')).json.pumps.find((p) => p.pump === 'VP-2207')
  assert.equal(row.channel, 'A')
  assert.equal(row.status, 'delivering')
  assert.equal(row.rate, 84)
  assert.ok(row.total > 0)
  assert.match(row.doubt, /nobody claimed/)
})

test('sent again: the same answer, and nothing more happens', async () => {
  const before = await seqNow()
  const heard = (await admin.view('pumps')).json.pumps.find((p) => p.pump === 'VP-2207').heard
  await sleep(20)
  for (let i = 0; i < 3; i++) assert.equal(await pump.send(telemetry), first)
  assert.equal(await seqNow(), before)
  assert.equal((await admin.view('pumps')).json.pumps.find((p) => p.pump === 'VP-2207').heard, heard)
})

test('frames in pieces, several at once, noise between', async () => {
  const a = Gateway.frame(renumber(telemetry, 'Q2001')), b = Gateway.frame(renumber(telemetry, 'Q2002'))
  for (const piece of a.match(/[\s\S]{1,97}/g)) {
    pump.write(piece)
    await sleep(1)
  }
  assert.equal(segment(await pump.answer(), 'MSA')[2], 'Q2001')
  pump.write('\r\n' + b + Gateway.frame(renumber(telemetry, 'Q2003')))
  assert.equal(segment(await pump.answer(), 'MSA')[2], 'Q2002')
  assert.equal(segment(await pump.answer(), 'MSA')[2], 'Q2003')
})

test('what cannot be read is refused with its place', async () => {
  await refused('hello', '1', /MSH/)
  await refused(telemetry.replace('MSH|^~\\&|', 'MSH|^^\\&|'), '1', /./)
  await refused(renumber(telemetry, 'Q3001').replace('|84.0|', '|fast|'), '102', /fast/)
  await refused(renumber(telemetry, 'Q3002').replaceAll('|VP-2207^M5^0A11C2FFFE44AA00^EUI-64', '|'), '101', /pump/)
  await refused(renumber(telemetry, 'Q3003').replace('ORU^R01^ORU_R01', 'ADT^A01^ADT_A01'), '200', /./)
  await refused(renumber(telemetry, 'Q3004').replace('265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM', '0^X^MDC^apples^apples^UCUM'), '1', /./)
})

test('a volume that moves without an event is told to the pages, a few times and not each time', async () => {
  const nurse = new Client(server)
  await nurse.login('nurse1')
  const stream = await nurse.listen()
  const before = await seqNow()
  const moved = (n) => renumber(telemetry, `Q4${String(n).padStart(3, '0')}`).replace('|61.30|', `|61.${31 + n}|`)
  for (let n = 0; n < 40; n++) assert.equal(segment(await pump.send(moved(n)), 'MSA')[1], 'CA')
  assert.ok(await stream.wait((e) => e.json?.live && e.json.topic === 'pump_live' && e.json.id === 'VP-2207/A' && !e.id))
  assert.equal(await seqNow(), before, 'none of them is an event')
  await sleep(400)
  assert.ok(stream.events.filter((e) => e.json?.live).length <= 3)
  stream.close()
})

// ---- what waits because it could not be used

const queue = async () => (await admin.view('interfaces')).json.failed
const entry = async (code, state = 'open') => (await queue()).find((f) => f.code === code && f.state === state)
const until = async (look, why) => {
  for (let i = 0; i < 100; i++) {
    const found = await look()
    if (found) return found
    await sleep(100)
  }
  assert.fail(why)
}

test('each cause waits once, with its segment, its rule and how many messages', async () => {
  const all = await queue()
  const unknown = all.find((f) => f.code === 204)
  assert.equal(unknown.pump, 'VP-2207')
  assert.equal(unknown.unknown_pump, false) // registered since
  assert.equal(unknown.waiting, 1)
  const fast = all.find((f) => f.code === 102 && /fast/.test(f.line))
  assert.match(fast.place, /^OBX\[\d+\]-5$/)
  await refused(renumber(telemetry, 'Q3101').replace('|84.0|', '|fast|'), '102', /fast/)
  assert.equal((await queue()).find((f) => f.id === fast.id).waiting, 2)
  assert.equal((await queue()).length, all.length)
})

test('the cause mended: taken in again, and settled', async () => {
  const unknown = await entry(204)
  assert.equal((await admin.command('interface.replay', { failed: unknown.id })).status, 200)
  const done = await until(() => entry(204, 'settled'), 'it was not settled')
  assert.equal(done.taken, 1)
  assert.equal(done.waiting, 0)
  assert.equal((await admin.command('interface.replay', { failed: unknown.id })).status, 409)
})

test('a field mended by hand: all of its messages are taken in with it, once', async () => {
  const fast = (await queue()).find((f) => f.code === 102 && /fast/.test(f.line))
  assert.equal((await admin.command('interface.fix', { failed: fast.id, value: 'a|b' })).status, 400)
  assert.equal((await admin.command('interface.fix', { failed: fast.id, value: 'quick' })).status, 200)
  const still = await until(async () => (await queue()).find((f) => f.id === fast.id && f.state === 'open' && f.outcome), 'it was not tried')
  assert.match(still.outcome, /0 taken in, 2 failed again: .*quick/)
  assert.equal((await admin.command('interface.fix', { failed: fast.id, value: '84.0' })).status, 200)
  const done = await until(async () => (await queue()).find((f) => f.id === fast.id && f.state === 'settled'), 'it was not settled')
  assert.equal(done.taken, 2)
  assert.equal(segment(await pump.send(renumber(telemetry, 'Q3101')), 'MSA')[2], 'Q3101') // there already: nothing twice
})

test('a serial mapped to a registered pump', async () => {
  const other = telemetry.replaceAll('VP-2207', 'VP-NEW')
  await refused(renumber(other, 'Q3201'), '204', /VP-NEW/)
  const e = await entry(204)
  assert.equal(e.unknown_pump, true)
  assert.equal((await admin.command('interface.map', { failed: e.id, pump: 'VP-NONE' })).status, 404)
  assert.equal((await admin.command('interface.map', { failed: e.id, pump: 'VP-2207' })).status, 200)
  await until(async () => (await queue()).find((f) => f.id === e.id && f.state === 'settled'), 'it was not settled')
  assert.equal(segment(await pump.send(renumber(other, 'Q3202')), 'MSA')[1], 'CA') // from now on it is understood
})

test('put aside needs a reason, and an administrator', async () => {
  const nurse = new Client(server)
  await nurse.login('nurse1')
  const e = await entry(200)
  assert.equal((await nurse.command('interface.put_aside', { failed: e.id }, { reason: 'no' })).status, 403)
  assert.equal((await nurse.view('interfaces')).status, 403)
  assert.equal((await admin.command('interface.put_aside', { failed: e.id })).status, 400)
  assert.equal((await admin.command('interface.put_aside', { failed: e.id }, { reason: 'an admission feed sent here by mistake' })).status, 200)
  assert.ok(await entry(200, 'put aside'))
})

test('an alarm is raised, told to the pages, and ended', async () => {
  const nurse = new Client(server)
  await nurse.login('nurse1')
  const stream = await nurse.listen()
  const began = Date.now()
  assert.equal(segment(await pump.send(golden('pcd04_start.hl7')), 'MSA')[1], 'CA')
  const event = await stream.wait((e) => e.json?.topic === 'alarm')
  assert.ok(event && event.at - began < 200)
  const id = event.json.id
  assert.equal(segment(await pump.send(golden('pcd04_end.hl7')), 'MSA')[1], 'CA')
  const story = (await admin.view('explain', { id })).json.events
  assert.deepEqual(story.map((e) => e.type), ['alarm.raised', 'alarm.changed'])
  assert.equal(story[0].data.priority, 'high')
  assert.equal(story[1].data.state, 'ended')
  stream.close()
})

test('64 connections at once share commits', async () => {
  const gateways = await Promise.all([...Array(64)].map(() => new Gateway().open(server.pumps)))
  const jobs = await figure('venule_batch_jobs_sum'), batches = await figure('venule_batch_jobs_count')
  const acks = await Promise.all(gateways.map((g, i) => g.send(renumber(telemetry, `Q5${String(i).padStart(3, '0')}`))))
  assert.ok(acks.every((a) => segment(a, 'MSA')[1] === 'CA'))
  const made = await figure('venule_batch_jobs_sum') - jobs, commits = await figure('venule_batch_jobs_count') - batches
  assert.ok(made >= 64 && commits < made, `${made} jobs in ${commits} commits`)
  for (const g of gateways) g.close()
})

test('killed after the acknowledgement: the message is known', async () => {
  const message = renumber(telemetry, 'Q7001')
  const ack = await pump.send(message)
  await server.stop('SIGKILL')
  await server.start()
  const again = await new Gateway().open(server.pumps)
  assert.equal(await again.send(message), ack)
  again.close()
})

test('the ledger is whole', async () => {
  const r = server.cli('verify')
  assert.equal(r.status, 0, r.err)
  assert.match(r.out.trim().split('\n').at(-1), /^ledger whole: \d+ events, replay equal$/)
})

const ok = await runAll()
server.child.kill('SIGKILL')
server.remove()
process.exit(ok ? 0 : 1)
