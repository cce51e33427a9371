// The rig of the server's tests: a real server on a store in a temporary directory, and clients as browsers are.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import net from 'node:net'

export const venule = process.argv[2]
export const PASSWORD = 'demo-infusion'

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

export class Server {
  constructor(options = []) {
    this.dir = mkdtempSync(join(tmpdir(), 'venule-serve-'))
    this.db = process.env.VENULE_TEST_PG ?? `sqlite:${this.dir}/s.db`
    this.options = options
    this.error = ''
  }

  async start(options = this.options, db = this.db) {
    this.db = db
    this.child = spawn(venule, ['serve', '--db', this.db, '--http', '127.0.0.1:0', ...options])
    this.error = ''
    this.child.stderr.on('data', (d) => { this.error += d })
    this.ended = new Promise((done) => this.child.on('exit', (code, signal) => done({ code, signal })))
    this.port = await new Promise((done, fail) => {
      let said = ''
      this.child.stdout.on('data', (d) => {
        said += d
        const m = said.match(/http:\/\/[^:]+:(\d+)/)
        if (!m || !said.includes('\n')) return
        this.pumps = Number(said.match(/pumps on [^:]+:(\d+)/)?.[1])
        done(Number(m[1]))
      })
      this.child.on('exit', (code) => fail(new Error(`server ended with ${code}: ${this.error}`)))
    })
    this.url = `http://127.0.0.1:${this.port}`
    return this
  }

  async stop(signal = 'SIGTERM') {
    this.child.kill(signal)
    return await this.ended
  }

  // A subcommand on the same store; extra words after it.
  cli(command, ...words) { return cli(command, '--db', this.db, ...words) }

  file(name, text) {
    writeFileSync(join(this.dir, name), text)
    return join(this.dir, name)
  }

  remove() { rmSync(this.dir, { recursive: true, force: true }) }
}

// Runs venule to its end: {status, out, err}.
export function cli(...words) {
  const r = spawnSync(venule, words, { encoding: 'utf8', input: '' })
  return { status: r.status, out: r.stdout, err: r.stderr }
}
export function cliWithInput(input, ...words) {
  const r = spawnSync(venule, words, { encoding: 'utf8', input })
  return { status: r.status, out: r.stdout, err: r.stderr }
}

let keys = 0
export const newKey = () => `test-${process.pid}-${Date.now()}-${keys++}`

export class Client {
  constructor(server) {
    this.server = server
    this.cookie = ''
    this.csrf = ''
  }

  async raw(method, path, { headers = {}, body } = {}) {
    const r = await fetch(this.server.url + path, {
      method, body, redirect: 'manual', headers: { ...(this.cookie && { Cookie: this.cookie }), ...headers },
    })
    const text = await r.text()
    let json
    try { json = text ? JSON.parse(text) : undefined } catch { json = undefined }
    return { status: r.status, headers: r.headers, text, json }
  }

  async post(path, value, headers = {}) {
    return await this.raw('POST', path, { headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) })
  }

  async login(login, password = PASSWORD) {
    const r = await this.post('/api/login', { login, password })
    if (r.status === 200) {
      this.cookie = r.headers.get('set-cookie').split(';')[0]
      this.csrf = r.json.csrf
    }
    return r
  }

  // extra: {key, headers, reason, happened, override, password}
  async command(name, input, extra = {}) {
    const { key = newKey(), headers = {}, ...rest } = extra
    return await this.post(`/api/command/${name}`, { input, ...rest },
      { 'X-CSRF-Token': this.csrf, 'Idempotency-Key': key, ...headers })
  }

  async view(name, params = {}) {
    const query = new URLSearchParams(params).toString()
    return await this.raw('GET', `/api/view/${name}${query ? '?' + query : ''}`)
  }

  // A live event stream over a bare socket; .events fills as they come.
  async listen(headers = {}) {
    const socket = net.connect(this.server.port, '127.0.0.1')
    const stream = { events: [], socket, head: '', closed: false }
    let text = ''
    const lines = Object.entries({ Host: 'x', Cookie: this.cookie, Accept: 'text/event-stream', ...headers })
      .map(([k, v]) => `${k}: ${v}\r\n`).join('')
    socket.on('close', () => { stream.closed = true })
    socket.on('error', () => {})
    let raw = Buffer.alloc(0)
    socket.on('data', (d) => {
      raw = Buffer.concat([raw, d])
      if (!stream.head) {
        const end = raw.indexOf('\r\n\r\n')
        if (end < 0) return
        stream.head = String(raw).split('\r\n')[0]
        raw = raw.subarray(end + 4)
      }
      // the body comes in chunks that end anywhere, in the middle of an event too
      for (;;) {
        const line = raw.indexOf('\r\n'), size = line < 0 ? NaN : parseInt(raw.toString('latin1', 0, line), 16)
        if (!(size > 0) || raw.length < line + 2 + size + 2) break
        text += raw.toString('utf8', line + 2, line + 2 + size)
        raw = raw.subarray(line + 2 + size + 2)
      }
      for (const m of text.matchAll(/((?:^[a-z]*:.*\n)+)\n/gm)) {
        const event = { at: Date.now() }
        for (const line of m[1].split('\n')) {
          const c = line.indexOf(':')
          if (c > 0) event[line.slice(0, c)] = line.slice(c + 1).trim()
        }
        if (event.data) event.json = JSON.parse(event.data)
        stream.events.push(event)
      }
      const end = text.lastIndexOf('\n\n')
      if (end >= 0) text = text.slice(end + 2)
    })
    socket.write(`GET /api/events HTTP/1.1\r\n${lines}\r\n`)
    stream.wait = async (test, ms = 2000) => {
      const until = Date.now() + ms
      for (;;) {
        const found = stream.events.find(test)
        if (found) return found
        if (Date.now() > until) return undefined
        await sleep(3)
      }
    }
    stream.close = () => socket.destroy()
    await stream.wait((e) => e.event === 'hello')
    return stream
  }
}

// A pump gateway's connection: frames out, acknowledgements back as segments.
export class Gateway {
  async open(port) {
    this.socket = net.connect(port, '127.0.0.1')
    this.text = ''
    this.answers = []
    this.closed = false
    this.socket.on('data', (d) => {
      this.text += d.toString('latin1')
      for (let end; (end = this.text.indexOf('\x1c\r')) >= 0; this.text = this.text.slice(end + 2))
        this.answers.push(this.text.slice(this.text.indexOf('\x0b') + 1, end))
    })
    this.socket.on('close', () => { this.closed = true })
    this.socket.on('error', () => {})
    await new Promise((done) => this.socket.on('connect', done))
    return this
  }

  static frame(message) { return '\x0b' + message + '\x1c\r' }
  write(bytes) { this.socket.write(Buffer.from(bytes, 'utf8')) }

  async answer(ms = 3000) {
    for (const until = Date.now() + ms; !this.answers.length;) {
      if (Date.now() > until) return undefined
      await sleep(2)
    }
    return this.answers.shift()
  }

  async send(message) {
    this.write(Gateway.frame(message))
    return await this.answer()
  }

  close() { this.socket.destroy() }
}

// ---- a runner: each test by name; a failure says where --------------------------------------------------------------
const tests = []
export const test = (name, run) => tests.push({ name, run })
export async function runAll() {
  let failed = 0
  for (const t of tests) {
    try {
      await t.run()
      console.log(`ok   ${t.name}`)
    } catch (e) {
      failed++
      console.log(`FAIL ${t.name}\n${e.stack}`)
    }
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`)
  return failed === 0
}
