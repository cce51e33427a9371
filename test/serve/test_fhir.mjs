// FHIR R4 as another system asks for it: what the CapabilityStatement says, and nothing wider.
// usage: node test_fhir.mjs VENULE
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Client, Server, runAll, test, venule } from './rig.mjs'

const people = [['MRN-1', 'Lindgren', 'Ada', '1961-03-04'], ['MRN-2', 'Lindqvist', 'Bo', '1970-01-01'], ['MRN-3', 'Ångström', 'Cy', '1980-12-31']]
const bundle = { resourceType: 'Bundle', type: 'collection', entry: people.map(([mrn, family, given, born], i) => ({
  fullUrl: `urn:uuid:00000000-0000-4000-8000-00000000000${i}`,
  resource: { resourceType: 'Patient', id: `p${i}`, gender: 'female', birthDate: born, name: [{ use: 'official', family, given: [given] }],
    identifier: [{ type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] }, system: 'urn:test', value: mrn }] },
})) }
const server = new Server(['--demo'])
writeFileSync(server.dir + '/people.json', JSON.stringify(bundle))
await server.start()
execFileSync(venule, ['import', '--db', server.db, server.dir + '/people.json'])
await server.stop()
await server.start() // now the demo knows patients who may sign in
const nurse = new Client(server), patient = new Client(server), nobody = new Client(server)
const get = async (who, path) => {
  const r = await who.raw('GET', '/fhir/R4/' + path)
  assert.match(r.headers.get('content-type'), /^application\/fhir\+json/, r.text)
  return r
}
const outcome = (r, status, code) => {
  assert.equal(r.status, status, r.text)
  assert.equal(r.json.resourceType, 'OperationOutcome')
  assert.equal(r.json.issue[0].severity, 'error')
  assert.equal(r.json.issue[0].code, code, r.text)
}
const names = async (query) => {
  const r = await get(nurse, 'Patient' + query)
  assert.equal(r.status, 200, r.text)
  assert.equal(r.json.type, 'searchset')
  assert.equal(r.json.total, r.json.entry?.length ?? 0)
  for (const e of r.json.entry ?? []) assert.equal(e.fullUrl, `${server.url}/fhir/R4/Patient/${e.resource.id}`)
  return (r.json.entry ?? []).map((e) => e.resource.name[0].family).sort().join()
}
let all

test('metadata: without a session, and each promise is kept', async () => {
  assert.equal((await nurse.login('nurse1')).status, 200)
  assert.equal((await patient.login('patient')).status, 200)
  const r = await get(nobody, 'metadata')
  assert.equal(r.status, 200, r.text)
  assert.equal(r.json.resourceType, 'CapabilityStatement')
  assert.equal(r.json.fhirVersion, '4.0.1')
  const params = Object.fromEntries(r.json.rest[0].resource.map((t) => [t.type, t.searchParam.map((p) => p.name)]))
  assert.deepEqual(Object.keys(params).sort(), ['MedicationAdministration', 'Patient'])
  for (const [type, list] of Object.entries(params))
    for (const name of list) assert.equal((await get(nurse, `${type}?${name}=x`)).status, 200, `${type} by ${name}`)
})

test('a session is wanted', async () => {
  for (const path of ['Patient', 'Patient/1-patient-1-X', 'MedicationAdministration', 'Observation']) outcome(await get(nobody, path), 401, 'login')
})

test('Patient: search by _id, identifier and family', async () => {
  all = (await get(nurse, 'Patient')).json.entry.map((e) => e.resource)
  assert.equal(await names(''), 'Lindgren,Lindqvist,Ångström')
  const one = all.find((p) => p.name[0].family === 'Lindgren'), { system, value } = one.identifier[0]
  assert.equal(value, 'MRN-1')
  assert.equal(await names('?_id=' + one.id), 'Lindgren')
  assert.equal(await names('?_id=no-such'), '')
  assert.equal(await names('?identifier=MRN-1'), 'Lindgren')
  assert.equal(await names(`?identifier=${encodeURIComponent(system + '|' + value)}`), 'Lindgren')
  assert.equal(await names('?identifier=' + encodeURIComponent('urn:other|MRN-1')), '')
  assert.equal(await names('?identifier=MRN'), '', 'a token is the whole')
  assert.equal(await names('?family=LIND'), 'Lindgren,Lindqvist')
  assert.equal(await names('?family=' + encodeURIComponent('Ång')), 'Ångström')
  assert.equal(await names('?family=qvist'), '')
  assert.equal(await names('?family=lind&identifier=MRN-2'), 'Lindqvist')
  assert.equal(await names(`?_id=${one.id}&family=lindq`), '')
})

test('Patient: read', async () => {
  for (const p of all) assert.deepEqual((await get(nurse, 'Patient/' + p.id)).json, p)
  outcome(await get(nurse, 'Patient/no-such'), 404, 'not-found')
  outcome(await get(nurse, 'Patient/a/b'), 404, 'not-found')
  outcome(await get(nurse, 'Patient/'), 404, 'not-found')
})

test('what was not promised is refused by name', async () => {
  const bad = ['Patient?birthdate=1961-03-04', 'Patient?family:exact=Lindgren', 'Patient?_id=a,b', 'Patient?_id=a&_id=b', 'Patient?family=',
    'MedicationAdministration?status=completed', 'MedicationAdministration?family=x']
  for (const path of bad) {
    const r = await get(nurse, path)
    outcome(r, 400, 'invalid')
    const name = path.split('?')[1].split('=')[0]
    assert.ok(r.json.issue[0].diagnostics.startsWith(name), r.text)
  }
  for (const path of ['Observation', 'Patients', '', 'Observation/1']) outcome(await get(nurse, path), 404, 'not-found')
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const r = await nurse.raw(method, '/fhir/R4/Patient', { headers: { 'Content-Type': 'application/fhir+json' }, body: '{}' })
    outcome(r, 405, 'invalid')
  }
})

test('a patient sees themselves only', async () => {
  const mine = await get(patient, 'Patient')
  assert.equal(mine.json.total, 1)
  const me = mine.json.entry[0].resource
  assert.equal((await get(patient, 'Patient/' + me.id)).status, 200)
  for (const p of all.filter((p) => p.id !== me.id)) {
    outcome(await get(patient, 'Patient/' + p.id), 403, 'forbidden')
    outcome(await get(patient, 'Patient?_id=' + p.id), 403, 'forbidden')
    assert.equal((await get(patient, 'Patient?identifier=' + p.identifier[0].value)).json.total, 0)
    outcome(await get(patient, 'MedicationAdministration?patient=' + p.id), 403, 'forbidden')
  }
  assert.equal((await get(patient, 'Patient?family=l')).json.total, me.name[0].family.startsWith('L') ? 1 : 0)
  assert.equal((await get(patient, 'MedicationAdministration')).status, 200)
})

const ok = await runAll()
server.child.kill('SIGKILL')
server.remove()
process.exit(ok ? 0 : 1)
