// PostgreSQL is restarted under 8 people and 20 pumps (in an orderly way, or as a power cut would), and the server too is
// killed now and then. The server stays up and connects again by itself; what was acknowledged is there once, nothing in
// part, `venule verify` is whole. Run by test/record/pg_fixture.sh, whose throw-away cluster it restarts.
// usage: node postgres.mjs VENULE CRASH-FOUND VENULE-SIM SHIM [ROUNDS [SEED]]
import { spawnSync } from 'node:child_process'
import { Server, sleep } from '../serve/rig.mjs'
import { Crowd, Random, centre, count, verify } from './crowd.mjs'

const [, rounds = '3', seed = '1'] = process.argv.slice(5)
const random = new Random(Number(seed))
const dir = process.env.VENULE_TEST_PG.match(/host=(.*)$/)[1]
const server = new Server(['--demo', '--mllp', '127.0.0.1:0'])
let kills = 0

function control(...words) {
  const pg = [process.env.VENULE_TEST_PG_CTL, '-D', `${dir}/data`, '-w', '-l', `${dir}/log`, ...words]
  const r = process.getuid() === 0 ? spawnSync('runuser', ['-u', 'postgres', '--', ...pg], { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
    : spawnSync(pg[0], pg.slice(1), { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  if (r.status !== 0) throw new Error(`pg_ctl ${words.join(' ')}: ${r.stderr}`)
}

async function run() {
  const crowd = new Crowd(server, { tag: `crash-g${seed}` })
  await crowd.furnish(await centre(server, new Date().toISOString().slice(0, 10)))
  crowd.start()
  for (let i = 0; i < Number(rounds); i++) {
    await sleep(300 + random.below(900))
    const how = ['fast', 'immediate'][random.below(2)], kill = random.below(3) === 0
    control('-m', how, 'stop')
    await sleep(random.below(600))
    if (kill) {
      kills++
      await server.stop('SIGKILL')
    }
    control('-o', process.env.VENULE_TEST_PG_OPTIONS, 'start')
    if (kill) await server.start()
    await crowd.goesOn('the restart')
    const n = count(crowd, server.db)
    verify(server)
    console.log(`restart ${i + 1} (${how}${kill ? ', the server killed too' : ''}): commands acknowledged ${n.acknowledged} found ${n.commands}, messages acknowledged ${n.received} found ${n.messages}, verify whole`)
  }
  await crowd.stop()
  await server.stop()
  const n = count(crowd, server.db)
  verify(server)
  console.log(`${rounds} restarts of PostgreSQL (${kills} with the server killed), ${crowd.trouble.length} failures told; commands acknowledged ${n.acknowledged} found ${n.commands}; pump messages acknowledged ${n.received} found ${n.messages}`)
}

let failed
await run().catch((e) => { failed = e; console.log(`FAIL ${e.stack}`); server.child?.kill('SIGKILL') })
server.remove()
process.exit(failed ? 1 : 0)
