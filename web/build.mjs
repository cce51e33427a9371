// The pages as files with hashed names in dist/, each also gzipped: the server embeds the .gz (tools/embed_web.sh) and
// serves the plain ones with --ui-dir. `--watch` builds again on every change.
import * as esbuild from 'esbuild'
import { readFileSync, writeFileSync, rmSync, readdirSync, mkdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, 'dist')
const watch = process.argv.includes('--watch')
const FIRST_LOAD_MAX = 250 * 1024 // gzip; what the sign-in page and the first board cost

// What every command asks for, from the description the server prints of itself (doc/openapi.json).
function formsOf(api) {
  const schemas = api.components.schemas
  const forms = {}
  for (const [path, { post }] of Object.entries(api.paths)) {
    if (!path.startsWith('/api/command/')) continue
    const body = post.requestBody.content['application/json'].schema.properties.input
    const schema = body?.$ref ? schemas[body.$ref.split('/').pop()] : body
    const must = new Set(schema?.required ?? [])
    forms[post.operationId] = {
      says: post.summary,
      fields: Object.entries(schema?.properties ?? {}).map(([name, f]) => ({
        name, must: must.has(name), says: f.description ?? '', ...kindOf(f),
      })),
    }
  }
  return forms
}

function kindOf(f) {
  if (f.$ref?.endsWith('/Quantity')) return { kind: 'quantity', unit: f['x-unit'] }
  if (f.enum) return { kind: 'code', words: f.enum }
  if (f.type === 'boolean') return { kind: 'yes' }
  if (f.type === 'integer') return { kind: 'whole', unit: f['x-unit'] }
  if (f.type === 'number') return { kind: 'number', unit: f['x-unit'] }
  if (f.format === 'date') return { kind: 'date' }
  if (f.format === 'date-time') return { kind: 'time' }
  if (f['x-record']) return { kind: 'ref', of: f['x-record'] }
  if (f.type === 'string') return { kind: f.maxLength > 1000 ? 'long' : 'text', max: f.maxLength }
  return { kind: 'json' }
}

const forms = {
  name: 'forms',
  setup(build) {
    const file = join(here, '..', 'doc', 'openapi.json')
    build.onResolve({ filter: /^venule:forms$/ }, () => ({ path: file, namespace: 'forms' }))
    build.onLoad({ filter: /.*/, namespace: 'forms' }, () => ({
      contents: JSON.stringify(formsOf(JSON.parse(readFileSync(file, 'utf8')))), loader: 'json', watchFiles: [file],
    }))
  },
}

// index.html names the hashed files; everything is also kept gzipped.
const finish = {
  name: 'finish',
  setup(build) {
    build.onEnd((result) => {
      if (result.errors.length) return
      const outputs = Object.entries(result.metafile.outputs)
      const name = (path) => path.slice(path.indexOf('dist/') + 5)
      const entry = outputs.find(([, o]) => o.entryPoint?.endsWith('src/main.tsx'))
      const worker = outputs.find(([, o]) => o.entryPoint?.endsWith('src/net/live-worker.ts'))
      const html = readFileSync(join(here, 'index.html'), 'utf8')
        .replace('%SCRIPT%', '/' + name(entry[0])).replace('%STYLE%', '/' + name(entry[1].cssBundle))
        .replace('%WORKER%', '/' + name(worker[0]))
      writeFileSync(join(dist, 'index.html'), html)
      writeFileSync(join(dist, 'favicon.svg'), readFileSync(join(here, 'favicon.svg')))
      const wanted = new Set([...outputs.map(([p]) => name(p)), 'index.html', 'favicon.svg'].filter((f) => !f.endsWith('.map')))
      const sizes = new Map()
      for (const f of wanted) {
        const zipped = gzipSync(readFileSync(join(dist, f)), { level: 9 })
        sizes.set(f, zipped.length)
        writeFileSync(join(dist, f + '.gz'), zipped)
      }
      for (const f of readdirSync(dist))
        if (/\.(js|css|html|svg)(\.gz)?$/.test(f) && !wanted.has(f.replace(/\.gz$/, ''))) rmSync(join(dist, f))
      const first = new Set(['index.html', name(entry[1].cssBundle)])
      const need = (file) => {
        if (first.has(name(file))) return
        first.add(name(file))
        for (const i of result.metafile.outputs[file].imports) if (i.kind === 'import-statement') need(i.path)
      }
      need(entry[0])
      const load = [...first].reduce((n, f) => n + sizes.get(f), 0)
      console.log(`web: ${wanted.size} files, first load ${(load / 1024).toFixed(1)} kB gzip, all ${
        ([...sizes.values()].reduce((a, b) => a + b, 0) / 1024).toFixed(1)} kB`)
      if (load > FIRST_LOAD_MAX) {
        console.error(`web: the first load is over ${FIRST_LOAD_MAX / 1024} kB`)
        process.exitCode = 1
      }
    })
  },
}

mkdirSync(dist, { recursive: true })
const context = await esbuild.context({
  absWorkingDir: here,
  entryPoints: ['src/main.tsx', 'src/net/live-worker.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2022'],
  jsx: 'automatic',
  minify: !watch,
  metafile: true,
  entryNames: '[name]-[hash]',
  chunkNames: 'part-[hash]',
  assetNames: '[name]-[hash]',
  define: { 'process.env.NODE_ENV': watch ? '"development"' : '"production"' },
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [forms, finish],
})
if (watch) {
  await context.watch()
} else {
  try {
    await context.rebuild()
  } catch {
    process.exitCode = 1
  }
  await context.dispose()
}
