// @medplum/hl7's server: every message parsed, acknowledged with its own buildAck.   usage: node medplum_hl7.mjs PORT
import { Hl7Server } from '@medplum/hl7'

const server = new Hl7Server((connection) => {
  connection.addEventListener('message', ({ message }) => connection.send(message.buildAck()))
  connection.addEventListener('error', (e) => { console.error(String(e.error ?? e)); process.exit(1) })
})
await server.start(Number(process.argv[2]))
