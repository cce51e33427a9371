// The server is killed (kill -9) at random moments by seed, while 8 people and 20 pumps are at work, and started again.
// After each kill: everything acknowledged is in the store once, nothing is there in part, `venule verify` is whole, and
// the people and pumps go on by themselves. Every other kill falls into the middle of a write to, or a flush of, a file.
// usage: node kill.mjs VENULE CRASH-FOUND VENULE-SIM SHIM [ROUNDS [SEED]]
import { Server, sleep } from '../serve/rig.mjs'
import { Crowd, Random, centre, count, verify } from './crowd.mjs'

const [shim, rounds = '6', seed = '1'] = process.argv.slice(5)
const A_STORE = 10 // kills; then a new one, so that a count stays quick
const sum = { kills: 0, inside: 0, starting: 0, creating: 0, commands: 0, commandsFound: 0, messages: 0, messagesFound: 0 }
const random = new Random(Number(seed))
const options = ['--demo', '--mllp', '127.0.0.1:0']

async function start(server, env) {
  Object.assign(process.env, env)
  try { await server.start() } finally { for (const k of Object.keys(env)) delete process.env[k] }
}

// One kill: at a moment of the clock, or inside the N-th write or flush. False: it came before the server was up.
async function kill(server) {
  const inside = random.below(2) === 1
  const env = inside ? { LD_PRELOAD: shim, CRASH_AT: String(1 + random.below(random.below(4) ? 600 : 30)) } : {}
  const wait = 20 + random.below(700)
  let up = true
  await start(server, env).catch((e) => { if (inside && /ended with null/.test(e.message)) up = false; else throw e })
  sum.inside += inside
  if (!up) {
    sum.starting++
  } else if (inside) {
    await Promise.race([server.ended, sleep(10000)])
    server.child.kill('SIGKILL')
  } else {
    await sleep(wait)
    server.child.kill('SIGKILL')
  }
  const end = await server.ended
  if (end.signal !== 'SIGKILL') throw new Error(`the server ended by itself: ${end.code} ${end.signal} ${server.error}`)
  await sleep(30) // what it had answered arrives
  sum.kills++
}

// The very first start of a store, killed while it makes its tables and its first records, is made good by the next.
async function create(server) {
  for (let i = 0; i < 3; i++) {
    let up = true
    await start(server, { LD_PRELOAD: shim, CRASH_AT: String(1 + random.below(400)) }).catch(() => { up = false })
    if (up) server.child.kill('SIGKILL')
    const end = await server.ended
    if (end.signal !== 'SIGKILL') throw new Error(`the first start ended by itself: ${end.code} ${server.error}`)
    sum.creating += !up
  }
}

async function store(number, kills) {
  const server = new Server(options)
  await create(server)
  const crowd = new Crowd(server, { tag: `crash-s${seed}-${number}` })
  await crowd.furnish(await centre(server, new Date().toISOString().slice(0, 10)))
  await server.stop('SIGKILL')
  crowd.start()
  let n
  for (let i = 0; i < kills; i++) {
    await kill(server)
    n = count(crowd, server.db)
    verify(server)
    console.log(`store ${number} kill ${i + 1}: commands acknowledged ${n.acknowledged} found ${n.commands}, messages acknowledged ${n.received} found ${n.messages}, ${n.events} events, verify whole`)
  }
  await server.start() // and everybody goes on: what was under way is acknowledged now
  await crowd.goesOn('the last kill')
  await crowd.stop()
  await server.stop()
  n = count(crowd, server.db)
  verify(server)
  sum.commands += n.acknowledged
  sum.commandsFound += n.commands
  sum.messages += n.received
  sum.messagesFound += n.messages
  const strange = crowd.trouble.filter((t) => !/ 503 /.test(t))
  if (strange.length) throw new Error(`answered with an error: ${strange[0]}`)
  for (const what of crowd.refused.keys()) console.log(`refused: ${what}`)
  server.remove()
}

let failed
let left = Number(rounds)
for (let number = 1; left > 0 && !failed; number++, left -= A_STORE)
  await store(number, Math.min(left, A_STORE)).catch((e) => { failed = e })
console.log(`${sum.kills} kills (${sum.inside} inside a write or flush, ${sum.starting} of them while starting) and ${sum.creating} in the first start; commands acknowledged ${sum.commands} found ${sum.commandsFound}; pump messages acknowledged ${sum.messages} found ${sum.messagesFound}`)
if (failed) console.log(`FAIL ${failed.stack}`)
process.exit(failed ? 1 : 0)
