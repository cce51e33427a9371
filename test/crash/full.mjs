// The disk runs full under 8 people and 20 pumps, stays full for a while (or the server is killed meanwhile, and started
// on the full disk), and has room again. The server stays up and goes on by itself; what was acknowledged before, during
// and after is there once, nothing in part, `venule verify` whole. The disk is a real one of 64 MB (tmpfs).
// usage: full.sh VENULE CRASH-FOUND VENULE-SIM SHIM [ROUNDS [SEED]]
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Server, sleep } from '../serve/rig.mjs'
import { Crowd, Random, centre, count, verify } from './crowd.mjs'

const [, rounds = '2', seed = '1'] = process.argv.slice(5)
const ROUNDS_A_STORE = 5, ROOM = 256 * 1024
const random = new Random(Number(seed))
const free = (dir) => { const s = statfsSync(dir); return s.bavail * s.bsize }
const sum = { rounds: 0, failures: 0, commands: 0, commandsFound: 0, messages: 0, messagesFound: 0 }

// Everything but a little room taken by one file.
function fill(file, dir, room) {
  const fd = openSync(file, 'w'), block = Buffer.alloc(64 * 1024, 7)
  try { while (free(dir) > room) writeSync(fd, block, 0, Math.min(block.length, Math.max(4096, free(dir) - room))) } catch (e) { if (e.code !== 'ENOSPC') throw e }
  closeSync(fd)
}

async function until(what, test, ms = 20000) {
  for (const end = Date.now() + ms; !test(); await sleep(10))
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what()}`)
}

async function round(server, crowd, ballast, number, i) {
  const troubles = crowd.trouble.length
  fill(ballast, server.dir, 4096 * random.below(ROOM / 4096))
  await until(() => 'a failure on the full disk', () => crowd.trouble.length > troubles + 5)
  await sleep(50 + random.below(400))
  const killed = random.below(3) === 0
  if (killed) {
    await server.stop('SIGKILL')
    if (random.below(2)) { // on the full disk: up, or ended with a sentence; never a store left unusable
      await server.start().catch((e) => { if (!/ended with [1-9]/.test(e.message) || !server.error) throw e })
      if (server.child.exitCode === null) await server.stop('SIGKILL')
    }
    rmSync(ballast)
    await server.start()
  } else {
    rmSync(ballast)
  }
  await crowd.goesOn('the disk had room again')
  const n = count(crowd, server.db)
  verify(server)
  sum.rounds++
  sum.failures += crowd.trouble.length - troubles
  console.log(`disk ${number} full ${i + 1}${killed ? ', killed' : ''}: ${crowd.trouble.length - troubles} failures told; commands acknowledged ${n.acknowledged} found ${n.commands}, messages acknowledged ${n.received} found ${n.messages}, verify whole`)
}

async function store(number, n) {
  const server = new Server(['--demo', '--mllp', '127.0.0.1:0'])
  const crowd = new Crowd(server, { tag: `crash-f${seed}-${number}` }), ballast = join(server.dir, 'ballast')
  await crowd.furnish(await centre(server, new Date().toISOString().slice(0, 10)))
  crowd.start()
  for (let i = 0; i < n; i++) await round(server, crowd, ballast, number, i)
  await crowd.stop()
  await server.stop()
  const t = count(crowd, server.db)
  verify(server)
  sum.commands += t.acknowledged
  sum.commandsFound += t.commands
  sum.messages += t.received
  sum.messagesFound += t.messages
  server.remove()
}

let failed
for (let number = 1, left = Number(rounds); left > 0 && !failed; number++, left -= ROUNDS_A_STORE)
  await store(number, Math.min(left, ROUNDS_A_STORE)).catch((e) => { failed = e })
console.log(`${sum.rounds} times the disk was full, ${sum.failures} failures told; commands acknowledged ${sum.commands} found ${sum.commandsFound}; pump messages acknowledged ${sum.messages} found ${sum.messagesFound}`)
if (failed) console.log(`FAIL ${failed.stack}`)
process.exit(failed ? 1 : 0)
