// How a dose came about, as a small tree that opens: the answer, what went in, the numbers in between, cap and rounding,
// whether the second way of computing it agrees, the product, the rate steps. Shown exactly as the server proved it.
import { day, drugWords, num, qty, relative, span } from './format'
import { careNow } from '../shell/clock'

interface Value { value: number; unit: string }
interface Step { name: string; value: Value; shown?: string; says?: string }
interface Input { name: string; value: Value; at?: string; age_days?: number; source?: string; original?: string }
export interface DoseProof {
  rule?: string
  source?: string
  drug?: string
  regimen?: string
  reason?: string
  inputs?: Input[]
  steps?: Step[]
  dose?: Value
  product?: unknown
  second?: { dose: string | number; agrees: boolean }
  before?: DoseProof
}

const PLACES = 3
const RATE = /^rate /
const SHAPE = new Set(['drug volume', 'concentration', 'diluent', 'volume', 'bag'])

/** A proof as the API gives it: any JSON; null if it is not one. */
export const proofOf = (p: unknown): DoseProof | null => p && typeof p === 'object' ? p as DoseProof : null

const value = (v?: Value) => v ? qty(v.value, v.unit, PLACES) : ''
const exact = (v?: Value) => v ? `exactly ${qty(v.value, v.unit, 12)}` : undefined
/* Units inside a sentence of the server, and numbers as long as they were computed: as people write them. */
const words = (s?: string) => (s ?? '').replace(/half_away/g, 'halves up').replace(/\d+\.\d{4,}/g, (n) => num(n, PLACES)).replace(/\[lb_av\]/g, 'lb').replace(/\[in_i\]/g, 'in').replace(/[a-z]+(_[a-z0-9]+)+/g, drugWords)

function Line({ name, v, says, sub }: { name: string; v?: Value; says?: string; sub?: string }) {
  return (
    <li className="proof-line">
      <span className="proof-name">{name}</span>
      <span className="proof-value" title={exact(v)}>{value(v)}</span>
      {(says || sub) && <span className="proof-says">{words(says)}{sub && <>{says && ' '}{sub}</>}</span>}
    </li>
  )
}

/** Rate against time, drawn to scale. */
export function Stairs({ steps, height = 54 }: { steps: { rate: number; minutes: number }[]; height?: number }) {
  const total = steps.reduce((n, s) => n + s.minutes, 0), top = Math.max(...steps.map((s) => s.rate))
  if (!total || !top || !Number.isFinite(total + top)) return null
  const w = 320
  let x = 0
  const path = steps.map((s) => {
    const y = height - (s.rate / top) * (height - 4)
    const d = `L${x.toFixed(1)} ${y.toFixed(1)} L${(x += (s.minutes / total) * w).toFixed(1)} ${y.toFixed(1)}`
    return d
  }).join(' ')
  return (
    <figure className="stairs">
      <svg viewBox={`0 0 ${w} ${height}`} preserveAspectRatio="none" role="img" aria-label={`${steps.length} rate steps up to ${num(top)} mL per hour over ${span(total * 60_000)}`}>
        <path d={`M0 ${height} ${path} L${w} ${height} Z`} />
      </svg>
      <figcaption className="tiny quiet row"><span>{qty(steps[0].rate, 'mL/h')}</span><span className="push">{qty(top, 'mL/h')} at most · {span(total * 60_000)}</span></figcaption>
    </figure>
  )
}

export function Proof({ p, dose, nested }: { p: DoseProof; dose?: string; nested?: boolean }) {
  const steps = p.steps ?? []
  const rates = steps.filter((s) => RATE.test(s.name))
  const made = steps.filter((s) => SHAPE.has(s.name))
  const between = steps.filter((s) => !RATE.test(s.name) && !SHAPE.has(s.name))
  const stairs = rates.map((r) => ({ rate: r.value.value, minutes: Number(r.says?.match(/([\d.]+) min/)?.[1] ?? 0) }))
  return (
    <div className={nested ? 'proof nested' : 'proof'}>
      <div className="proof-top">
        <span className="proof-dose">{dose ?? value(p.dose)}</span>
        {p.second && (p.second.agrees
          ? <span className="badge active" title="Worked out a second time, in another way, by other code"><span aria-hidden="true">✓</span>second engine agrees</span>
          : <span className="badge strong"><span aria-hidden="true">✕</span>second engine says {String(p.second.dose)}</span>)}
      </div>
      {p.reason && <p className="proof-rule"><b>Changed by hand.</b> {p.reason}</p>}
      {p.rule && !p.reason && <p className="proof-rule">{p.rule}</p>}
      {!!p.inputs?.length && <details open={!nested}>
        <summary>What went in</summary>
        <ul>{p.inputs.map((i) => <Line key={i.name} name={i.name} v={i.value} sub={[
          i.original && `received as ${words(i.original)}`, i.at && `${day(i.at)}, ${relative(i.at, careNow())}`, i.source === 'import' ? 'from the record' : i.source && 'measured here'].filter(Boolean).join(' · ')} />)}</ul>
      </details>}
      {!!between.length && <details open={!nested}>
        <summary>Step by step</summary>
        <ul>{between.map((s, i) => <Line key={i} name={s.name} v={s.value} says={s.says} />)}</ul>
      </details>}
      {!!made.length && <details>
        <summary>In the bag <span className="quiet">{made.map((s) => value(s.value)).join(', ')}</span></summary>
        <ul>{made.map((s, i) => <Line key={i} name={s.name} v={s.value} says={s.says} />)}</ul>
      </details>}
      {!!rates.length && <details open={!nested}>
        <summary>Rate <span className="quiet">{rates.length} {rates.length === 1 ? 'step' : 'steps'}</span></summary>
        <Stairs steps={stairs} />
        <ul>{rates.map((s, i) => <Line key={i} name={s.name === 'rate step' ? `${i + 1}` : s.name.replace('rate ', '')} v={s.value} says={s.says} />)}</ul>
      </details>}
      {p.before && <details><summary>What it was before</summary><Proof p={p.before} nested /></details>}
      {p.source && <p className="tiny quiet">Source: {p.source.split(' ').join(', ')}{p.regimen && `; regimen ${p.regimen}`}</p>}
    </div>
  )
}
