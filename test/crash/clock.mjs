// The wall clock is put back and forward under 8 people and 20 pumps: by seconds, an hour, a day. Nobody is signed out,
// everybody goes on (the pumps by their own clocks, which nobody moved), what was acknowledged is there once, `venule verify` is whole.
// usage: node clock.mjs VENULE CRASH-FOUND VENULE-SIM SHIM [ROUNDS [SEED]]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Server, sleep } from '../serve/rig.mjs'
import { Crowd, Random, centre, count, verify } from './crowd.mjs'

const [shim, rounds = '4', seed = '1'] = process.argv.slice(5)
const random = new Random(Number(seed))
const steps = [-2, -3600, 90, -86400, 3600, -1, -600, 86400] // seconds
const server = new Server(['--demo', '--mllp', '127.0.0.1:0']), file = join(server.dir, 'clock')
let shift = 0
function step(seconds) {
  const b = Buffer.alloc(8)
  shift += seconds
  b.writeBigInt64LE(BigInt(shift) * 1000000n)
  writeFileSync(file, b, { flag: 'r+' })
}

async function run() {
  const crowd = new Crowd(server, { tag: `crash-c${seed}` })
  await crowd.furnish(await centre(server, new Date().toISOString().slice(0, 10)))
  await server.stop()
  writeFileSync(file, Buffer.alloc(8))
  Object.assign(process.env, { LD_PRELOAD: shim, CRASH_CLOCK: file })
  await server.start()
  delete process.env.LD_PRELOAD
  crowd.start()
  for (let i = 0; i < Number(rounds); i++) {
    await sleep(200 + random.below(300))
    const by = steps[(i + Number(seed) - 1) % steps.length]
    step(by)
    await crowd.goesOn(`the clock was moved by ${by} s`)
    console.log(`clock moved by ${by} s: everybody goes on`)
  }
  await crowd.stop()
  await server.stop()
  const n = count(crowd, server.db)
  verify(server)
  console.log(`the clock was moved ${rounds} times; commands acknowledged ${n.acknowledged} found ${n.commands}; pump messages acknowledged ${n.received} found ${n.messages}; verify whole`)
  if (crowd.trouble.length) throw new Error(crowd.trouble[0])
  for (const what of crowd.refused.keys()) console.log(`refused: ${what}`)
}

let failed
await run().catch((e) => { failed = e; console.log(`FAIL ${e.stack}`); server.child?.kill('SIGKILL') })
server.remove()
process.exit(failed ? 1 : 0)
