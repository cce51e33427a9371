// What is read: the patient's own limits, the story of an id, and the command line on the same store.
// usage: node test_reads.mjs VENULE
import assert from 'node:assert/strict'
import { Client, Server, cli, cliWithInput, runAll, test } from './rig.mjs'

const person = (n, family, born) => ({
  fullUrl: `urn:uuid:00000000-0000-4000-8000-00000000000${n}`,
  resource: { resourceType: 'Patient', id: `p${n}`, identifier: [{ system: 'urn:test', value: `MRN-${n}`,
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] } }],
    name: [{ use: 'official', family, given: ['Test'] }], gender: 'female', birthDate: born },
  request: { method: 'POST', url: 'Patient' },
})
const bundle = { resourceType: 'Bundle', type: 'transaction', entry: [person(1, 'Abel', '1970-01-02'), person(2, 'Brandt', '1957-08-22')] }

const server = await new Server(['--demo']).start()
await server.stop()
const imported = server.cli('import', server.file('two.json', JSON.stringify(bundle)))
await server.start() // the demonstration gives the imported patients a sign-in
const nurse = new Client(server), admin = new Client(server), biller = new Client(server), self = new Client(server)
let ids

test('import stored the patients, and the second run none', async () => {
  assert.equal(imported.status, 0, imported.err)
  assert.match(imported.out, /Patient read 2 stored 2 kept 0 same 0 refused 0/)
  assert.match(server.cli('import', server.file('two.json', JSON.stringify(bundle))).out, /Patient read 2 stored 0 kept 0 same 2 refused 0/)
  for (const [c, login] of [[nurse, 'nurse1'], [admin, 'admin'], [biller, 'biller'], [self, 'patient']])
    assert.equal((await c.login(login)).status, 200, login)
  ids = (await nurse.view('search', { q: 'test' })).json.found.map((f) => f.id)
  assert.equal(ids.length, 2)
})

test('a patient reads and does only what is their own', async () => {
  const me = (await self.raw('GET', '/api/me')).json
  assert.deepEqual(me.roles, ['patient'])
  const other = ids.find((id) => id !== me.patient)
  assert.ok(ids.includes(me.patient) && other)
  assert.equal((await self.view('patient', { patient: me.patient })).status, 200)
  const r = await self.view('patient', { patient: other })
  assert.equal(r.status, 403)
  assert.equal(r.json.field, 'patient')
  assert.ok(!r.text.includes('Abel') && !r.text.includes('Brandt'))
  assert.equal((await self.command('question.ask', { patient: me.patient, text: 'How long does it take?' })).status, 200)
  assert.equal((await self.command('question.ask', { patient: other, text: 'How long does it take?' })).status, 403)
  assert.equal((await self.view('search', { q: 'abel' })).status, 403)
})

test('a patient hears only of themselves', async () => {
  const me = (await self.raw('GET', '/api/me')).json.patient
  const other = ids.find((id) => id !== me)
  const stream = await self.listen()
  assert.equal((await nurse.command('question.ask', { patient: other, text: 'About the other one' })).status, 200)
  assert.equal((await nurse.command('question.ask', { patient: me, text: 'About this one' })).status, 200)
  assert.ok(await stream.wait((e) => e.json?.topic === 'patient' && e.json.id === me))
  assert.ok(stream.events.every((e) => e.json?.id !== other))
  stream.close()
})

test('what was read about whom is written down', async () => {
  await nurse.view('patient', { patient: ids[0] })
  await new Promise((done) => setTimeout(done, 1000))
  const reads = (await admin.view('reads', { patient: ids[0] })).json.reads
  assert.ok(reads.some((r) => r.name === 'Noor Haddad' && r.purpose === 'view patient'), JSON.stringify(reads))
})

test('view parameters: missing, unknown, twice, wrong', async () => {
  for (const [query, field] of [['', 'patient'], ['?patient=a&colour=red', 'colour'], ['?patient=a&patient=b', 'patient']]) {
    const r = await nurse.raw('GET', '/api/view/patient' + query)
    assert.equal(r.status, 400, query)
    assert.equal(r.json.field, field, query)
  }
  assert.equal((await nurse.view('patient', { patient: '1-patient-99999-X' })).status, 404)
})

test('explain tells the story of an id, on the page and on the command line', async () => {
  const page = (await nurse.view('explain', { id: ids[0] })).json.events
  assert.ok(page.length >= 2)
  assert.equal(page[0].type, 'patient.recorded')
  const r = server.cli('explain', ids[0])
  assert.equal(r.status, 0, r.err)
  assert.match(r.out, /patient\.recorded/)
  assert.match(r.out, /family: (Abel|Brandt)/)
  const unknown = server.cli('explain', '1-visit-4711-X')
  assert.equal(unknown.status, 1)
  assert.match(unknown.err, /1-visit-4711-X/)
})

test('explain shows before and after', async () => {
  const before = { id: 'Z1', pod: 'Z', bed: false, place: 1, active: true }
  await admin.command('chair.add', before)
  await admin.command('chair.add', { ...before, pod: 'Y' })
  assert.match(server.cli('explain', 'Z1').out, /pod: Z → Y/)
})

test('a second site lives beside the first, and its people stay there', async () => {
  const words = ['setup', '--db', server.db, '--site', '2', '--name', 'Second', '--zone', 'Europe/Berlin', '--login', 'boss']
  assert.match(cliWithInput('short\n', ...words).err, /password/)
  const r = cliWithInput('a-long-password\n', ...words)
  assert.equal(r.status, 0, r.err)
  assert.match(cliWithInput('a-long-password\n', ...words).err, /there already/)
  assert.equal((await new Client(server).login('boss', 'a-long-password')).status, 401)
})

test('people who come later sign in without a restart: the demonstration\'s, an administrator\'s, the command line\'s', async () => {
  const later = { ...bundle, entry: [person(3, 'Castor', '1980-05-05'), person(4, 'Dahl', '1990-06-06')] }
  assert.equal(server.cli('import', server.file('later.json', JSON.stringify(later))).status, 0)
  let people = []
  const has = (name) => people.find((p) => p.name.endsWith(name))
  for (let i = 0; i < 80 && !has('Dahl'); i++) {
    await new Promise((done) => setTimeout(done, 100))
    people = (await nurse.raw('GET', '/api/demo')).json.people
  }
  for (const name of ['Castor', 'Dahl']) {
    const them = new Client(server)
    assert.equal((await them.login(has(name).login)).status, 200, name)
    assert.equal((await them.view('patient', { patient: has(name).patient })).status, 200)
  }
  const made = await admin.command('staff.add', { login: 'dahl', name: 'Dahl at home', roles: 'patient', patient: has('Dahl').patient }, { password: 'a-long-password' })
  assert.equal(made.status, 200, made.text)
  assert.equal((await new Client(server).login('dahl', 'a-long-password')).status, 200)
  assert.equal((await nurse.command('staff.add', { login: 'x1', name: 'x', roles: 'nurse' }, { password: 'a-long-password' })).status, 403)
  const words = ['user', '--db', server.db, '--login', 'castor', '--patient', 'MRN-3']
  assert.match(cliWithInput('short\n', ...words).err, /password/)
  assert.equal(cliWithInput('a-long-password\n', ...words).status, 0)
  const castor = new Client(server)
  assert.equal((await castor.login('castor', 'a-long-password')).status, 200)
  assert.deepEqual((await castor.raw('GET', '/api/me')).json.roles, ['patient'])
  assert.match(cliWithInput('a-long-password\n', ...words).err, /taken/)
  assert.match(cliWithInput('a-long-password\n', 'user', '--db', server.db, '--login', 'y1', '--patient', 'MRN-9').err, /there is no patient "MRN-9"/)
  assert.match(cliWithInput('a-long-password\n', 'user', '--db', server.db, '--login', 'y1', '--roles', 'king').err, /"king" is not a role/)
  assert.equal(cliWithInput('a-long-password\n', 'user', '--db', server.db, '--login', 'y1').status, 2)
  assert.equal(cliWithInput('a-long-password\n', 'user', '--db', server.db, '--login', 'nurse9', '--roles', 'nurse', '--name', 'Nine').status, 0)
  const nine = new Client(server)
  assert.equal((await nine.login('nurse9', 'a-long-password')).status, 200)
  assert.equal((await nine.view('floor')).status, 200)
})

test('content: the demonstration has released its own; elsewhere nobody brings unapproved content into force', async () => {
  const me = (await admin.raw('GET', '/api/me')).json
  assert.match(me.content, /^[0-9a-f]{64}$/)
  assert.equal(me.candidate, undefined)
  const second = await new Server().start(['--site', '2'], server.db)
  try {
    const boss = new Client(second)
    assert.equal((await boss.login('boss', 'a-long-password')).status, 200)
    const there = (await boss.raw('GET', '/api/me')).json
    assert.equal(there.content, undefined, 'nothing is in force')
    assert.equal(there.candidate, me.content)
    const person = async (login) => (await boss.command('staff.add', { login, name: login, roles: 'formulary' }, { password: 'a-long-password' })).json.id
    await person('one')
    const two = await person('two'), signer = new Client(second)
    await signer.login('one', 'a-long-password')
    const release = (input) => signer.command('content.release', { hash: there.candidate, version: '1', second: two, ...input })
    for (const [input, field] of [[{ hash: 'f'.repeat(64) }, 'hash'], [{ blob: 'x' }, 'input.blob']]) {
      const r = await release(input)
      assert.equal(r.json.field, field, r.text)
    }
    const refused = await release({})
    assert.equal(refused.status, 422, refused.text)
    assert.match(refused.json.detail, /approved/)
    assert.equal((await boss.raw('GET', '/api/me')).json.content, undefined)
  } finally {
    await second.stop('SIGKILL')
    second.remove()
  }
})

test('verify and flow', async () => {
  assert.match(server.cli('verify').out, /digest [0-9a-f]{64}\nledger whole: \d+ events, replay equal\n$/)
  const flow = server.cli('flow')
  assert.equal(flow.status, 0)
  assert.equal(flow.out, '')
})

test('wrong use names the option or word', () => {
  const cases = [[['verify'], /--db/], [['serve', '--db', 'sqlite::memory:'], /--http/], [['verify', '--db'], /--db/],
    [['verify', '--db', 'x', '--db', 'y'], /--db: is given twice/], [['explain', '--db', 'sqlite:x'], /ID/], [['dance'], /dance/],
    [['flow', '--db', 'nothing:x'], /nothing/], [['serve', '--db', 'x', '--http', 'localhost'], /--http/]]
  for (const [words, says] of cases) {
    const r = cli(...words)
    assert.notEqual(r.status, 0, words.join(' '))
    assert.match(r.err, says, words.join(' '))
  }
})

const ok = await runAll()
server.child.kill('SIGKILL')
server.remove()
process.exit(ok ? 0 : 1)
