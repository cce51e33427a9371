// How numbers, quantities and times read, everywhere. ISMP: a zero before the point, none behind the last digit, a
// space before the unit, commas from 1,000, mL with a capital L, no abbreviations that have killed people.
// Times are the site's: 24 hours, 14-Jul-1968, and relative where someone must act.
import { zone } from '../shell/clock'

const units: Record<string, string> = {
  Cel: '°C', 'mm[Hg]': 'mmHg', '/min': 'per min', '[lb_av]': 'lb', '{score}': '', '{currency}': '', a: 'y', '[IU]': 'units', '[iU]': 'units',
  ug: 'mcg', 'ug/kg/min': 'mcg/kg/min', '10*9/L': '× 10⁹/L', 'mL/min/{1.73_m2}': 'mL/min/1.73 m²', m2: 'm²', 'kg/m2': 'kg/m²', d: 'days', '1': '',
}

/** A UCUM code as people write it. */
export const unitText = (ucum?: string): string => ucum === undefined ? '' : units[ucum] ?? ucum.replace('[IU]', 'units')

/** 1234.50 → "1,234.5"; -0.5 → "−0.5". `places`: at most so many digits behind the point (8 if left out). */
export function num(value: number | string | null | undefined, places = 8): string {
  if (value === null || value === undefined || value === '') return ''
  const n = Number(value)
  if (!Number.isFinite(n)) return String(value)
  const text = n.toLocaleString('en-US', { maximumFractionDigits: places, useGrouping: true })
  return text === '-0' ? '0' : text.replace('-', '−')
}

/** "166.7 mL/h"; empty if there is no value. A no-break space keeps value and unit together. */
export function qty(value: number | string | null | undefined, unit?: string, places?: number): string {
  const text = num(value, places), u = unitText(unit)
  return text && u ? `${text}\u00a0${u}` : text
}

/** Money keeps its two digits. */
export const money = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).replace('-', '−')

type Parts = Record<Intl.DateTimeFormatPartTypes, string>
const formats = new Map<string, Intl.DateTimeFormat>()

function parts(t: number): Parts {
  let f = formats.get(zone())
  if (!f) {
    f = new Intl.DateTimeFormat('en-GB', { timeZone: zone(), hourCycle: 'h23', year: 'numeric', month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', weekday: 'short' })
    formats.set(zone(), f)
  }
  return Object.fromEntries(f.formatToParts(t).map((p) => [p.type, p.value])) as Parts
}

export const ms = (t: string | number): number => typeof t === 'number' ? t : Date.parse(t)
const month = (p: Parts) => p.month.slice(0, 3)

/** "10:42" */
export function clock(t: string | number): string { const p = parts(ms(t)); return `${p.hour}:${p.minute}` }
/** "10:42:07" */
export function clockSeconds(t: string | number): string { const p = parts(ms(t)); return `${p.hour}:${p.minute}:${p.second}` }
/** "23-Nov-2026" */
export function day(t: string | number): string { const p = parts(ms(t)); return `${p.day}-${month(p)}-${p.year}` }
/** "Mon 23-Nov" */
export function weekday(t: string | number): string { const p = parts(ms(t)); return `${p.weekday} ${p.day}-${month(p)}` }
/** A calendar date "2026-11-23" as "Mon 23-Nov-2026", without any zone. */
export function date(d: string, withWeekday = false): string {
  const t = new Date(d + 'T12:00:00Z')
  const words = t.toLocaleDateString('en-GB', { timeZone: 'UTC', weekday: 'short', day: '2-digit', month: 'short', year: 'numeric' }).replace(',', '').split(' ')
  return (withWeekday ? words[0] + ' ' : '') + `${words[1]}-${words[2].slice(0, 3)}-${words[3]}`
}
/** Is it the same local day? */
export const sameDay = (a: string | number, b: string | number): boolean => day(a) === day(b)
/** "2026-11-23" of a moment. */
export function isoDay(t: number): string {
  const p = parts(t)
  const n = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].indexOf(month(p)) + 1
  return `${p.year}-${String(n).padStart(2, '0')}-${p.day}`
}
/** Local wall time "2026-11-23T10:42" of the site as UTC text; the zone's offset is found by trying. */
export function fromLocal(text: string): string {
  const want = Date.parse(text + 'Z')
  let t = want
  for (let i = 0; i < 3; i++) t += want - Date.parse(`${isoDay(t)}T${clock(t)}Z`)
  return new Date(t).toISOString().replace('.000Z', 'Z')
}

/** "1 h 20 min", "45 min", "30 s" (only under a minute), "3 days" */
export function span(milliseconds: number): string {
  const s = Math.round(Math.abs(milliseconds) / 1000)
  if (s < 60) return `${s}\u00a0s`
  const min = Math.round(s / 60)
  if (min < 60) return `${min}\u00a0min`
  const h = Math.floor(min / 60)
  if (h < 24) return min % 60 ? `${h}\u00a0h ${min % 60}\u00a0min` : `${h}\u00a0h`
  const d = Math.floor(h / 24)
  return d === 1 ? `1\u00a0day${h % 24 ? ` ${h % 24}\u00a0h` : ''}` : `${d}\u00a0days`
}

/** "in 4 min", "3 min ago", "now" */
export function relative(t: string | number, now: number): string {
  const d = ms(t) - now
  if (Math.abs(d) < 30_000) return 'now'
  return d > 0 ? `in ${span(d)}` : `${span(d)} ago`
}

/** A word list for people: "patient, bag and pump". */
export const listed = (words: string[]): string => words.length < 2 ? words.join('') : words.slice(0, -1).join(', ') + ' and ' + words[words.length - 1]

/** A drug's or product's id as words: "sodium_chloride_0_9" → "sodium chloride 0.9 %". */
export const drugWords = (id: string): string => id.replace(/_(\d+)(?:_(\d+))?$/, (_, a: string, b?: string) => ` ${a}${b ? '.' + b : ''}\u00a0%`).replaceAll('_', ' ')
