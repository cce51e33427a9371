// Any value the server explains itself with: nested facts as small indented pairs, nothing hidden, nothing invented.
import { clock, day, num, qty } from './format'

const key = (k: string) => k.replaceAll('_', ' ')
const isQty = (v: object): v is { value: number; unit: string } => 'value' in v && 'unit' in v && Object.keys(v).length === 2
const isTime = (v: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(v)

export function Fact({ v }: { v: unknown }) {
  if (v === null || v === undefined || v === '') return <span className="faint">none</span>
  if (typeof v === 'number') return <>{num(v)}</>
  if (typeof v === 'boolean') return <>{v ? 'yes' : 'no'}</>
  if (typeof v === 'string') return <>{isTime(v) ? `${day(v)} ${clock(v)}` : v}</>
  if (Array.isArray(v)) {
    if (!v.length) return <span className="faint">none</span>
    if (v.every((x) => typeof x !== 'object')) return <>{v.map(String).join(', ')}</>
    return <ol className="facts-list">{v.map((x, i) => <li key={i}><Fact v={x} /></li>)}</ol>
  }
  if (isQty(v as object)) return <>{qty((v as { value: number }).value, (v as { unit: string }).unit)}</>
  return <dl className="pairs facts">{Object.entries(v as Record<string, unknown>).map(([k, x]) => <div key={k} style={{ display: 'contents' }}><dt>{key(k)}</dt><dd><Fact v={x} /></dd></div>)}</dl>
}
