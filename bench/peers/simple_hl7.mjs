// simple-hl7's server: every message parsed, the acknowledgement it makes by itself sent back.   usage: node simple_hl7.mjs PORT
import { createRequire } from 'node:module'

const hl7 = createRequire(import.meta.url)('simple-hl7')
const app = hl7.tcp()
app.use((req, res) => res.end())
app.use((error, req, res, next) => { console.error(String(error)); process.exit(1) })
app.start(Number(process.argv[2]))
