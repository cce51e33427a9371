// Keys and scanners. A scanner types fast (under 35 ms a key) and ends in Enter or Tab; whatever has the focus, its
// burst is taken out of the field it landed in and handed to the task at hand. A single letter is therefore a shortcut
// only once it is sure that no burst follows. Craft: never let a scan press a button or fill a free-text field.
import { useEffect, useRef } from 'react'

const BURST_GAP_MS = 35
const BURST_MIN = 6
const HICCUP_MS = 120 // six keys that fast were no hand: a scanner may now pause
const WAIT_MS = 45
const QUEUE_MS = 12   // keys that came in time may still stand in the queue behind a busy page

export interface Key {
  /** As KeyboardEvent.key: "v", "ArrowLeft", "?"; letters in lower case. */
  key: string
  says: string
  run: () => void
  /** Not listed under "?". */
  quiet?: boolean
}

interface Layer { keys: Key[]; modal: boolean; title: string }
type ScanHandler = (code: string) => boolean

const layers: Layer[] = []
const scanners: { take: ScanHandler }[] = []

export const keysHere = (): { title: string; keys: Key[] }[] => {
  const top = layers.findLastIndex((l) => l.modal)
  return layers.slice(Math.max(top, 0)).filter((l) => l.keys.some((k) => !k.quiet)).map((l) => ({ title: l.title, keys: l.keys.filter((k) => !k.quiet) })).reverse()
}

/** These keys work while the component is on screen; a modal layer hides those below it. */
export function useKeys(title: string, keys: Key[], modal = false): void {
  const layer = useRef<Layer>({ keys, modal, title })
  layer.current.keys = keys
  layer.current.title = title
  useEffect(() => {
    const mine = layer.current
    mine.modal = modal
    layers.push(mine)
    return () => { layers.splice(layers.indexOf(mine), 1) }
  }, [modal])
}

/** The topmost handler that answers true has taken the scan. */
export function useScan(take: ScanHandler): void {
  const holder = useRef({ take })
  holder.current.take = take
  useEffect(() => {
    const mine = holder.current
    scanners.push(mine)
    return () => { scanners.splice(scanners.indexOf(mine), 1) }
  }, [])
}

export function deliverScan(code: string): void {
  for (let i = scanners.length - 1; i >= 0; i--) if (scanners[i].take(code)) return
}

function press(key: string): boolean {
  for (let i = layers.length - 1; i >= 0; i--) {
    const found = layers[i].keys.find((k) => k.key === key)
    if (found) {
      found.run()
      return true
    }
    if (layers[i].modal) return false
  }
  return false
}

type Field = HTMLInputElement | HTMLTextAreaElement
const editable = (t: EventTarget | null): t is HTMLElement =>
  t instanceof HTMLElement && (t.isContentEditable || t.matches('input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select'))
const isField = (t: EventTarget | null): t is Field => (t instanceof HTMLInputElement || t instanceof HTMLTextAreaElement) && editable(t)

/* React keeps its own copy of a field's value: set it the way the browser would. */
function setValue(field: Field, value: string, caret: number): void {
  const proto = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype
  Object.getOwnPropertyDescriptor(proto, 'value')?.set?.call(field, value)
  try { field.setSelectionRange(caret, caret) } catch { /* number and date fields have no caret */ }
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

let burst = ''
let swallowed = ''
let last = 0
let timer = 0
let before: { field: Field; value: string; from: number; to: number } | null = null
let target: EventTarget | null = null

const gapAllowed = () => burst.length >= BURST_MIN ? HICCUP_MS : BURST_GAP_MS

function clear(): void {
  burst = swallowed = ''
  before = target = null
  clearTimeout(timer)
}

function take(): void {
  const code = burst.trim(), saved = before
  clear()
  if (saved) setValue(saved.field, saved.value, saved.from)
  deliverScan(code)
}

/* No terminator came: a scan if it was long, else somebody types. */
function settle(): void {
  if (burst.length >= BURST_MIN) return take()
  const typed = burst, late = swallowed, at = target
  clear()
  if (editable(at)) {
    if (late && isField(at)) {
      const caret = at.selectionEnd ?? at.value.length
      setValue(at, at.value.slice(0, caret) + late + at.value.slice(caret), caret + late.length)
    }
    return
  }
  for (const ch of typed) press(ch.length === 1 ? ch.toLowerCase() : ch)
}

function onKey(e: KeyboardEvent): void {
  if (e.isComposing) return
  const group = e.ctrlKey && e.key === ']' ? '\x1d' : ''
  const ch = group || (e.key.length === 1 && !e.ctrlKey && !e.metaKey && !e.altKey ? e.key : '')
  const gap = e.timeStamp - last
  if (burst && gap >= gapAllowed()) settle()
  if (ch && !e.repeat) {
    const secret = e.target instanceof HTMLInputElement && e.target.type === 'password'
    if (secret) return
    last = e.timeStamp
    clearTimeout(timer)
    timer = setTimeout(() => { timer = setTimeout(settle, QUEUE_MS) as unknown as number }, Math.max(WAIT_MS, burst.length + 1 >= BURST_MIN ? HICCUP_MS : 0)) as unknown as number
    if (!burst) {
      burst = ch
      target = e.target
      if (isField(e.target)) before = { field: e.target, value: e.target.value, from: e.target.selectionStart ?? 0, to: e.target.selectionEnd ?? 0 }
      if (!editable(e.target)) {
        if (e.key === ' ') return // a button's own key
        e.preventDefault()
        e.stopPropagation()
      }
      return
    }
    burst += ch
    swallowed += ch
    e.preventDefault()
    e.stopPropagation()
    return
  }
  if ((e.key === 'Enter' || e.key === 'Tab') && burst.length >= BURST_MIN) {
    e.preventDefault()
    e.stopPropagation()
    take()
    return
  }
  if (burst) settle()
  if (e.key.length > 1 && !e.ctrlKey && !e.metaKey && !e.altKey && (e.key === 'Escape' || !editable(e.target)) && press(e.key)) {
    e.preventDefault()
    e.stopPropagation()
  }
}

export function startKeyboard(): void {
  addEventListener('keydown', onKey, { capture: true })
}
