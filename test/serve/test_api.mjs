// The API through a real client: sign-in, commands, bad input, live events, many at once, a killed server.
// usage: node test_api.mjs VENULE
import assert from 'node:assert/strict'
import { Client, PASSWORD, Server, cli, newKey, runAll, sleep, test } from './rig.mjs'

const server = await new Server(['--demo']).start()
const admin = new Client(server)
const nurse = new Client(server)
const chair = (id, more = {}) => ({ id, pod: 'T', bed: false, place: 90, active: true, ...more })
const seqNow = async () => (await admin.raw('GET', '/healthz')).json.seq

// Nothing of the refused happened.
async function unchanged(run) {
  const before = await seqNow()
  const r = await run()
  assert.equal(await seqNow(), before, 'the ledger moved')
  return r
}

function problem(r, status, field) {
  assert.equal(r.status, status, r.text)
  assert.equal(r.headers.get('content-type'), 'application/problem+json')
  assert.equal(r.json.status, status)
  assert.ok(r.json.type && r.json.title)
  if (field !== undefined) assert.equal(r.json.field, field, r.text)
}

// ---- signing in ---------------------------------------------------------------------------------------------------

test('signed out: views, commands and events want a session', async () => {
  const nobody = new Client(server)
  problem(await nobody.view('anything'), 404)
  problem(await nobody.raw('GET', '/api/me'), 401)
  problem(await nobody.raw('GET', '/api/events'), 401)
  problem(await nobody.command('chair.add', chair('T1')), 401)
  nobody.cookie = 'venule=' + 'x'.repeat(43)
  problem(await nobody.raw('GET', '/api/me'), 401)
})

test('sign-in: cookie is HttpOnly and SameSite, me says who', async () => {
  const r = await admin.login('admin')
  assert.equal(r.status, 200, r.text)
  const cookie = r.headers.get('set-cookie')
  assert.match(cookie, /HttpOnly/)
  assert.match(cookie, /SameSite=Strict/)
  const me = (await admin.raw('GET', '/api/me')).json
  assert.equal(me.login, 'admin')
  assert.deepEqual(me.roles, ['administrator'])
  assert.equal(me.csrf, admin.csrf)
  assert.equal(me.site.demo, true)
  assert.equal((await nurse.login('nurse1')).status, 200)
})

test('sign-in: wrong password, unknown login and bad shapes are refused', async () => {
  const c = new Client(server)
  const wrong = await c.login('biller', 'not-the-password')
  const unknown = await c.login('nobody.here', 'not-the-password')
  problem(wrong, 401, 'password')
  problem(unknown, 401, 'password')
  assert.equal(wrong.json.detail, unknown.json.detail)
  problem(await c.post('/api/login', { login: 'biller' }), 400, 'password')
  problem(await c.post('/api/login', { login: 5, password: 'x' }), 400, 'login')
  problem(await c.raw('POST', '/api/login', { body: 'login=a&password=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }), 415)
})

test('sign-in: wrong passwords cost waiting, others do not wait', async () => {
  const c = new Client(server)
  for (let i = 0; i < 3; i++) problem(await c.login('scheduler', 'wrong-wrong-' + i), 401)
  const r = await c.login('scheduler')
  problem(r, 429, 'password')
  assert.ok(Number(r.headers.get('retry-after')) >= 1)
  assert.equal((await c.login('pharmacist')).status, 200, 'someone else is not held up')
  await sleep(1100)
  assert.equal((await c.login('scheduler')).status, 200, 'and the wait ends')
})

test('sign-out ends the session and its streams', async () => {
  const c = new Client(server)
  await c.login('biller')
  const stream = await c.listen()
  problem(await c.raw('POST', '/api/logout'), 403, 'X-CSRF-Token')
  assert.equal((await c.raw('POST', '/api/logout', { headers: { 'X-CSRF-Token': c.csrf } })).status, 204)
  problem(await c.raw('GET', '/api/me'), 401)
  for (let i = 0; i < 100 && !stream.closed; i++) await sleep(10)
  assert.ok(stream.closed)
})

// ---- commands ------------------------------------------------------------------------------------------------------

test('a command is accepted, answered with its events, and stored', async () => {
  const before = await seqNow()
  const r = await admin.command('chair.add', chair('T1'))
  assert.equal(r.status, 200, r.text)
  assert.equal(r.json.seq, before + 1)
  assert.deepEqual(r.json.events, [{ seq: before + 1, type: 'chair.added', subject: 'T1' }])
  assert.equal(await seqNow(), before + 1)
})

test('CSRF token missing or wrong', async () => {
  const key = { 'Idempotency-Key': newKey() }
  problem(await unchanged(() => admin.post('/api/command/chair.add', { input: chair('T2') }, key)), 403, 'X-CSRF-Token')
  problem(await unchanged(() => admin.post('/api/command/chair.add', { input: chair('T2') },
    { ...key, 'X-CSRF-Token': nurse.csrf })), 403, 'X-CSRF-Token')
})

test('wrong role', async () => {
  problem(await unchanged(() => nurse.command('chair.add', chair('T2'))), 403, 'chair.add')
})

test('the same key: same body gives the stored answer, another body is a conflict', async () => {
  const key = newKey()
  const first = await admin.command('chair.add', chair('T3'), { key })
  assert.equal(first.status, 200)
  const again = await unchanged(() => admin.command('chair.add', chair('T3'), { key }))
  assert.equal(again.status, 200)
  assert.equal(again.text, first.text)
  problem(await unchanged(() => admin.command('chair.add', chair('T3', { place: 7 }), { key })), 409)
  problem(await unchanged(() => admin.command('pump.add', { id: 'P', model: 'M', channels: 1, active: true }, { key })), 409)
})

test('the key is needed and has a length', async () => {
  problem(await unchanged(() => admin.post('/api/command/chair.add', { input: chair('T4') }, { 'X-CSRF-Token': admin.csrf })), 400, 'Idempotency-Key')
  for (const key of ['short', 'x'.repeat(81)])
    problem(await unchanged(() => admin.command('chair.add', chair('T4'), { key })), 400, 'Idempotency-Key')
})

test('unknown command, field, type and value: each names what', async () => {
  const bad = [
    ['chair.paint', chair('T5'), 404, 'command'],
    ['chair.add', { ...chair('T5'), colour: 'red' }, 400, 'input.colour'],
    ['chair.add', chair('T5', { bed: 'no' }), 400, 'input.bed'],
    ['chair.add', chair('T5', { place: 1.5 }), 400, 'input.place'],
    ['chair.add', chair('T5', { place: '1' }), 400, 'input.place'],
    ['chair.add', { id: 'T5' }, 400, 'input.pod'],
    ['chair.add', chair('T 5'), 400, 'id'],
    ['chair.add', chair('x'.repeat(500)), 413, 'input.id'],
    ['site.set', { id: 'site', name: 'N', zone: 'Mars/Olympus', setting: 'centre', billing: 'office', demo: true, opens: 1, closes: 2 }, 400, 'input.zone'],
    ['site.set', { id: 'site', name: 'N', zone: 'UTC', setting: 'ship', billing: 'office', demo: true, opens: 1, closes: 2 }, 400, 'input.setting'],
    ['shift.add', { nurse: '1-staff-99999-X', start: '2026-03-09T10:00:00Z', end: '2026-03-09T12:00:00Z', patients: 3 }, 404, 'nurse'],
    ['shift.add', { nurse: 'n', start: 'tomorrow', end: '2026-03-09T12:00:00Z', patients: 3 }, 400, 'input.start'],
  ]
  for (const [name, input, status, field] of bad)
    problem(await unchanged(() => admin.command(name, input)), status, field)
})

test('malformed bodies: truncated, nested, duplicate keys, oversized, not JSON', async () => {
  const send = (body, headers = {}) => admin.raw('POST', '/api/command/chair.add', { body,
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': admin.csrf, 'Idempotency-Key': newKey(), ...headers } })
  const whole = JSON.stringify({ input: chair('T6') })
  problem(await unchanged(() => send(whole.slice(0, -5))), 400)
  problem(await unchanged(() => send('{"input":' + '['.repeat(200) + ']'.repeat(200) + '}')), 400)
  problem(await unchanged(() => send('{"input":{"id":"T6","id":"T7"}}')), 400)
  problem(await unchanged(() => send('{"input":{"place":01}}')), 400)
  problem(await unchanged(() => send('{"input":{"id":"\ud800"}}'.replace('\ud800', '\\ud800'))), 400)
  problem(await unchanged(() => send('[1]')), 400, 'body')
  problem(await unchanged(() => send('')), 400)
  problem(await unchanged(() => send(JSON.stringify({ input: {}, extra: 1 }))), 400, 'extra')
  problem(await unchanged(() => send(JSON.stringify({ input: [] }))), 400, 'input')
  problem(await unchanged(() => send(whole, { 'Content-Type': 'text/plain' })), 415)
  problem(await unchanged(() => send(whole + ' '.repeat(1024 * 1024))), 413)
})

test('said times and overrides are checked', async () => {
  const later = new Date(Date.now() + 3600e3).toISOString()
  problem(await unchanged(() => admin.command('chair.add', chair('T7'), { happened: later })), 400, 'happened')
  problem(await unchanged(() => admin.command('chair.add', chair('T7'), { happened: 5 })), 400, 'happened')
  problem(await unchanged(() => admin.command('chair.add', chair('T7'), { override: [{ rule: 'x' }] })), 400, 'override')
  problem(await unchanged(() => admin.command('chair.add', chair('T7'), { reason: 7 })), 400, 'reason')
  const earlier = new Date(Date.now() - 3600e3).toISOString()
  assert.equal((await admin.command('chair.add', chair('T7'), { happened: earlier })).status, 200)
})

test('people: a password travels beside the input and is never stored or shown', async () => {
  const input = { login: 'new.nurse', name: 'New Nurse', roles: 'nurse' }
  const key = newKey()
  problem(await unchanged(() => admin.command('staff.add', input)), 400, 'password')
  problem(await unchanged(() => admin.command('staff.add', input, { password: 'short' })), 400, 'password')
  problem(await unchanged(() => admin.command('staff.add', { ...input, hash: '$argon2id$x' }, { password: 'long-enough-1' })), 400, 'hash')
  problem(await unchanged(() => admin.command('chair.add', chair('T8'), { password: 'long-enough-1' })), 400, 'password')
  const made = await admin.command('staff.add', input, { password: 'long-enough-1', key })
  assert.equal(made.status, 200, made.text)
  assert.ok(!made.text.includes('argon2'))
  const again = await unchanged(() => admin.command('staff.add', input, { password: 'long-enough-1', key }))
  assert.equal(again.text, made.text)
  problem(await unchanged(() => admin.command('staff.add', input, { password: 'long-enough-2', key })), 409)
  problem(await unchanged(() => admin.command('staff.add', input, { password: 'long-enough-1' })), 409, 'login')
  const c = new Client(server)
  assert.equal((await c.login('new.nurse', 'long-enough-1')).status, 200)
  const elsewhere = new Client(server)
  await elsewhere.login('new.nurse', 'long-enough-1')
  assert.equal((await c.command('staff.password', { staff: made.json.id }, { password: 'another-one-2' })).status, 200)
  problem(await elsewhere.raw('GET', '/api/me'), 401)
  assert.equal((await c.raw('GET', '/api/me')).status, 200, 'only the session that changed it goes on')
  problem(await new Client(server).login('new.nurse', 'long-enough-1'), 401)
  problem(await c.command('staff.password', { staff: (await admin.raw('GET', '/api/me')).json.id }, { password: 'another-one-2' }), 403, 'staff')
  assert.equal((await admin.command('staff.change', { staff: made.json.id, active: false })).status, 200)
  problem(await c.raw('GET', '/api/me'), 401)
})

test('another site\'s record is refused by its id', async () => {
  // a true id of site 2: number 7, check character as record/id makes it; found by trying all
  for (const check of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*') {
    const r = await admin.command('staff.change', { staff: `2-staff-7-${check}`, active: true })
    if (r.status === 403) {
      problem(r, 403, 'staff')
      assert.match(r.json.detail, /site 2/)
      return
    }
    problem(r, 404, 'staff')
  }
  assert.fail('no check character made an id of site 2')
})

// ---- live events ---------------------------------------------------------------------------------------------------

// How fast is measured by ./dev bench, beside what else the machine does.
test('a live event follows the command, without payload', async () => {
  const stream = await nurse.listen()
  for (let i = 0; i < 5; i++) {
    const r = await admin.command('chair.add', chair('L' + i))
    const event = await stream.wait((e) => e.json?.topic === 'chair' && e.json?.id === 'L' + i)
    assert.ok(event, 'the event came')
    assert.deepEqual(Object.keys(event.json).sort(), ['id', 'seq', 'topic'])
    assert.equal(event.json.seq, r.json.seq)
    assert.equal(event.id, String(r.json.seq))
  }
  stream.close()
})

test('Last-Event-ID brings what was missed; too much brings a reset', async () => {
  const before = await seqNow()
  for (let i = 0; i < 3; i++) await admin.command('chair.add', chair('M' + i))
  const stream = await nurse.listen({ 'Last-Event-ID': String(before) })
  for (let i = 0; i < 3; i++) assert.ok(await stream.wait((e) => e.json?.id === 'M' + i), 'M' + i)
  stream.close()
  for (let i = 0; i < 300; i += 50)
    await Promise.all([...Array(50).keys()].map((k) => admin.command('chair.add', chair('N' + (i + k)))))
  const late = await nurse.listen({ 'Last-Event-ID': String(before) })
  assert.ok(await late.wait((e) => e.event === 'reset'))
  late.close()
})

test('200 listeners hear one command', async () => {
  const streams = await Promise.all([...Array(200)].map(() => nurse.listen()))
  await admin.command('chair.add', chair('H1'))
  const heard = await Promise.all(streams.map((s) => s.wait((e) => e.json?.id === 'H1')))
  assert.ok(heard.every(Boolean))
  assert.match((await admin.raw('GET', '/metrics')).text, /venule_listeners 20\d/)
  for (const s of streams) s.close()
})

// ---- every address by every role -----------------------------------------------------------------------------------

test('every command and view refuses every role it is not for', async () => {
  const api = (await admin.raw('GET', '/api/openapi.json')).json
  const logins = { prescriber: 'prescriber', pharmacist: 'pharmacist', technician: 'technician', nurse: 'nurse1',
    scheduler: 'scheduler', biller: 'biller', formulary: 'formulary', administrator: 'admin' }
  let refused = 0
  for (const [role, login] of Object.entries(logins)) {
    const c = new Client(server)
    assert.equal((await c.login(login)).status, 200, login)
    for (const [path, methods] of Object.entries(api.paths)) {
      const what = methods.post ?? methods.get
      if (!what['x-roles']) continue
      const r = await unchanged(() => methods.post ? c.command(what.operationId, {}) : c.view(what.operationId))
      if (what['x-roles'].includes(role)) {
        assert.notEqual(r.status, 403, `${role} may ${what.operationId}: ${r.text}`)
        assert.notEqual(r.status, 500, `${what.operationId}: ${r.text}`)
      } else {
        problem(r, 403, what.operationId)
        refused++
      }
    }
  }
  assert.ok(refused > 100)
  for (const name of ['pump.message', 'pump.watch']) // the program's own: nobody's
    problem(await admin.command(name, {}), 403, name)
})

// ---- the rest ------------------------------------------------------------------------------------------------------

test('addresses: unknown, wrong method, no way up', async () => {
  problem(await admin.raw('GET', '/api/nothing'), 404)
  problem(await admin.raw('GET', '/api/command/chair.add'), 405)
  problem(await admin.raw('POST', '/api/me'), 405)
  problem(await admin.raw('GET', '/..%2f..%2fetc/passwd'), 404)
  problem(await admin.raw('GET', '/.git/config'), 404)
  problem(await admin.raw('DELETE', '/api/me'), 405)
})

test('pages are told apart by their ETag, and addresses within them are theirs', async () => {
  const page = await admin.raw('GET', '/')
  assert.equal(page.status, 200)
  assert.match(page.headers.get('content-type'), /^text\/html/)
  const etag = page.headers.get('etag')
  assert.ok(etag && page.headers.get('cache-control').includes('no-cache'))
  assert.equal((await admin.raw('GET', '/', { headers: { 'If-None-Match': etag } })).status, 304)
  assert.equal((await admin.raw('GET', '/bedside/1-visit-1-X')).text, page.text)
  const plain = await admin.raw('GET', '/', { headers: { 'Accept-Encoding': 'identity' } })
  assert.equal(plain.text, page.text)
  problem(await admin.raw('GET', '/nothing.js'), 404)
})

test('every answer carries the security headers', async () => {
  for (const path of ['/healthz', '/api/me', '/', '/metrics']) {
    const r = await admin.raw('GET', path)
    assert.match(r.headers.get('content-security-policy'), /default-src 'none'/)
    assert.equal(r.headers.get('x-content-type-options'), 'nosniff')
    assert.ok(r.headers.get('cache-control'))
  }
})

test('64 commands at once share commits', async () => {
  const figure = async (name) => Number((await admin.raw('GET', '/metrics')).text.match(new RegExp(`^${name} (\\d+)$`, 'm'))[1])
  const jobs = await figure('venule_batch_jobs_sum'), batches = await figure('venule_batch_jobs_count')
  const done = await Promise.all([...Array(64).keys()].map((i) => admin.command('chair.add', chair('C' + i))))
  assert.ok(done.every((r) => r.status === 200))
  assert.equal(new Set(done.map((r) => r.json.seq)).size, 64, 'each has its own number')
  const madeJobs = await figure('venule_batch_jobs_sum') - jobs, madeBatches = await figure('venule_batch_jobs_count') - batches
  assert.ok(madeJobs >= 64)
  assert.ok(madeBatches < madeJobs, `${madeJobs} jobs in ${madeBatches} commits`)
})

test('a store that does not wait for the disk: refused, or loud', async () => {
  const url = `sqlite:${server.dir}/lazy.db?sync=off`
  const refused = cli('verify', '--db', url)
  assert.equal(refused.status, 1)
  assert.match(refused.err, /loses acknowledged records/)
  const lazy = new Server(['--demo'])
  lazy.db = url
  await assert.rejects(lazy.start(), /VENULE_BENCH_NO_SYNC=1/)
  process.env.VENULE_BENCH_NO_SYNC = '1'
  try {
    await lazy.start()
  } finally {
    delete process.env.VENULE_BENCH_NO_SYNC
  }
  const health = await new Client(lazy).raw('GET', '/healthz')
  await lazy.stop()
  assert.match(health.json.warning, /does not wait for the disk/)
  assert.equal(lazy.error.split('WARNING: this store does not wait for the disk').length, 2, 'said once, to the operator')
  assert.equal((await admin.raw('GET', '/healthz')).json.warning, undefined)
})

test('killed at work: every acknowledged command is there, and its key still answers', async () => {
  const acknowledged = []
  let stop = false
  const work = [...Array(8).keys()].map(async (w) => {
    for (let i = 0; !stop; i++) {
      const id = `K${w}-${i}`, key = newKey()
      try {
        const r = await admin.command('chair.add', chair(id), { key })
        if (r.status === 200) acknowledged.push({ id, key, text: r.text })
      } catch { return }
    }
  })
  await sleep(400)
  await server.stop('SIGKILL')
  stop = true
  await Promise.all(work)
  await server.start()
  assert.ok(acknowledged.length > 10, `${acknowledged.length} acknowledged`)
  for (const a of acknowledged) {
    const r = await unchanged(() => admin.command('chair.add', chair(a.id), { key: a.key }))
    assert.equal(r.text, a.text, a.id)
  }
})

test('SIGTERM stops cleanly, with streams open', async () => {
  const stream = await nurse.listen()
  const began = Date.now()
  assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
  assert.ok(Date.now() - began < 3000)
  stream.close()
})

test('behind a proxy: the cookie is Secure, and waiting is by the client the proxy names', async () => {
  await server.start(['--demo', '--behind-proxy'])
  const c = new Client(server)
  const from = (address, password) => c.post('/api/login', { login: 'biller', password }, { 'X-Forwarded-For': '203.0.113.9, ' + address })
  for (let i = 0; i < 3; i++) problem(await from('10.1.1.1', 'wrong-wrong-' + i), 401)
  problem(await from('10.1.1.1', PASSWORD), 429)
  const r = await from('10.1.1.2', PASSWORD)
  assert.equal(r.status, 200)
  assert.match(r.headers.get('set-cookie'), /; Secure/)
  await server.stop()
})

test('without --demo: no demo logins, another clock is refused', async () => {
  await server.start([])
  problem(await admin.raw('GET', '/api/demo'), 404)
  assert.equal((await admin.raw('GET', '/api/me')).status, 200, 'the session outlived the server')
  await server.stop()
  await assert.rejects(() => server.start(['--clock', '2026-03-09T10:00:00Z,60']), /--clock/)
  await assert.rejects(() => server.start(['--colour', 'red']), /--colour/)
  await assert.rejects(() => server.start(['--site', 'x']), /--site/)
})

const ok = await runAll()
server.child.kill('SIGKILL')
server.remove()
process.exit(ok ? 0 : 1)
