// Numbers with their unit: one formatter for all pages (format.ts).
import { qty, num } from './format'

export function Qty({ v, unit, places }: { v: number | string | null | undefined; unit?: string; places?: number }) {
  return v === null || v === undefined || v === '' ? <span className="faint">not recorded</span> : <span className="nowrap">{qty(v, unit, places)}</span>
}

export function Num({ v, places }: { v: number | null | undefined; places?: number }) {
  return v === null || v === undefined ? <span className="faint">not recorded</span> : <>{num(v, places)}</>
}
