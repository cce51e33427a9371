// Hanging a bag: patient, bag, pump and badge are scanned in any order. A typed code is recorded as unscanned, with a
// reason. With four scans it is sent by itself; what does not fit, the server says.
import { useEffect, useRef, useState } from 'react'
import { useScan } from '../../input/keyboard'
import { useView } from '../../net/view'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { Dialog } from '../../ui/Dialog'
import { clock, listed, qty } from '../../ui/format'
import type { Bedside } from './strip-model'

type Slot = 'patient' | 'bag' | 'pump' | 'badge'
interface Code { code: string; typed: boolean }
const names: Record<Slot, string> = { patient: 'Wristband', bag: 'Bag', pump: 'Pump', badge: 'Your badge' }
const members: Record<Slot, 'patient_code' | 'bag_code' | 'pump_code' | 'badge_code'> = { patient: 'patient_code', bag: 'bag_code', pump: 'pump_code', badge: 'badge_code' }
const reasons = ['Barcode cannot be read', 'Scanner does not work', 'No barcode there']

/** A GS1 element string, or a bag's own number. */
export const looksLikeBag = (code: string): boolean => /^(\](d2|C1|Q3|e0)|\(?01\)?\d{14})/.test(code) || code.includes('-prep-')

export function HangDialog({ b, first, close }: { b: Bedside; first: string; close: () => void }) {
  const { me } = useSession()
  const { run } = useDoing()
  const pumps = useView('pumps', {}, { everyCareSeconds: 600 }).data?.answer.pumps ?? []
  const bag = b.drugs.find((d) => d.prep_state === 'released' && !d.infusion) ?? b.drugs.find((d) => !d.infusion)
  const needsPump = bag ? bag.method === 'pump' || bag.method === 'ambulatory pump' : true
  const slots: Slot[] = needsPump ? ['patient', 'bag', 'pump', 'badge'] : ['patient', 'bag', 'badge']
  const [codes, setCodes] = useState<Partial<Record<Slot, Code>>>({})
  const [channel, setChannel] = useState('A')
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState<{ slot?: Slot; text: string } | null>(null)
  const [busy, setBusy] = useState(false)
  const box = useRef<HTMLFormElement>(null)
  const channels = pumps.filter((p) => p.pump === codes.pump?.code).map((p) => p.channel)

  const slotOf = (code: string): Slot => {
    if (looksLikeBag(code)) return 'bag'
    if (code === me.badge || /^BADGE-/i.test(code)) return 'badge'
    if (pumps.some((p) => p.pump === code)) return 'pump'
    if (code === b.banner?.mrn || code === b.banner?.id) return 'patient'
    return slots.find((s) => !codes[s]) ?? 'patient'
  }
  const scannedCodes = useRef<Partial<Record<Slot, string>>>({})
  const put = (slot: Slot, code: string, byHand: boolean) => {
    setWrong(null)
    if (!byHand) scannedCodes.current[slot] = code
    const typed = byHand && code !== scannedCodes.current[slot] // the keyboard puts back what a burst disturbed
    setCodes((all) => ({ ...all, [slot]: code ? { code, typed } : undefined }))
  }
  useScan((code) => {
    put(slotOf(code), code, false)
    return true
  })
  useEffect(() => { if (first) put(slotOf(first), first, false) }, []) // eslint-disable-line

  const typed = slots.filter((s) => codes[s]?.typed)
  const complete = slots.every((s) => codes[s]?.code.trim())
  const submit = async () => {
    if (busy) return
    const empty = slots.find((s) => !codes[s]?.code.trim())
    if (empty) return setWrong({ slot: empty, text: `${names[empty]} is still missing: scan it, or type it with a reason.` })
    if (typed.length && !reason.trim()) return setWrong({ text: 'Say why it was typed.' })
    setBusy(true)
    const o = await run('give.associate', {
      visit: b.visit!.id, patient_code: codes.patient!.code.trim(), bag_code: codes.bag!.code.trim(), badge_code: codes.badge!.code.trim(),
      ...(needsPump ? { pump_code: codes.pump!.code.trim(), channel } : {}),
      ...(typed.length ? { typed: typed.join(' '), typed_reason: reason.trim() } : {}),
    }, { done: 'Patient, bag, pump and badge belong together. Start the pump by hand.', own: true })
    setBusy(false)
    if (o.ok) return close()
    const p = o.problem
    if (!p || p.status === 0) return
    if (p.refusals?.length) {
      const bad = p.refusals[0].rule
      const slot: Slot | undefined = bad.includes('patient') ? 'patient' : bad.includes('badge') ? 'badge' : bad.includes('bag') || bad.includes('label') || bad.includes('released') || bad.includes('beyond') ? 'bag' : undefined
      if (slot) put(slot, '', false)
      setWrong({ slot, text: p.refusals[0].says })
    } else {
      const slot = slots.find((s) => p.field?.includes(members[s]))
      setWrong({ slot, text: p.detail ?? p.title })
    }
  }
  // Four good scans need no button.
  const scanned = slots.map((s) => codes[s]?.code).join('\n')
  useEffect(() => { if (complete && !typed.length && channels.length < 2) void submit() }, [scanned]) // eslint-disable-line

  const next = slots.find((s) => !codes[s])
  return (
    <Dialog title="Hang" close={close} size={600}>
      <form ref={box} className="form-grid" noValidate onSubmit={(e) => { e.preventDefault(); void submit() }}>
        {bag && <p><b>{bag.drug_name}</b> {bag.dose}{bag.ordered !== undefined && <> in {qty(bag.ordered, 'mL', 1)}</>}{bag.first_rate !== undefined && <>, begins at <b>{qty(bag.first_rate, 'mL/h', 1)}</b></>}{bag.beyond_use && <>, start by {clock(bag.beyond_use)}</>}</p>}
        <p className="quiet small">Scan {listed(slots.map((s) => names[s].toLowerCase()))} in any order.</p>
        <div className="slots">
          {slots.map((s) => (
            <div key={s} className={`slot ${codes[s] ? 'filled' : s === next ? 'next' : ''}`}>
              <label htmlFor={`slot-${s}`} className="strong">{names[s]}</label>
              <div>
                <input id={`slot-${s}`} className="input" autoComplete="off" value={codes[s]?.code ?? ''} onChange={(e) => put(s, e.target.value, true)} aria-invalid={wrong?.slot === s} {...(s === 'patient' ? { 'data-autofocus': true } : {})} />
                {wrong?.slot === s && <div className="wrong small strong" role="alert" style={{ marginTop: 3 }}>{wrong.text}</div>}
              </div>
              <span className="small nowrap" style={{ minWidth: 74 }}>{codes[s] ? codes[s].typed ? '✎ typed' : '✓ scanned' : <span className="faint">waiting</span>}</span>
            </div>
          ))}
        </div>
        {channels.length > 1 && <div className="field"><div className="label">Channel</div><div className="choices">{channels.map((c) => <button key={c} type="button" className={`btn ${c === channel ? 'chosen' : ''}`} aria-pressed={c === channel} onClick={() => setChannel(c)}>{c}</button>)}</div></div>}
        {typed.length > 0 && <div className="field">
          <div className="label">Typed, not scanned: {listed(typed.map((s) => names[s].toLowerCase()))}. Why?</div>
          <div className="choices">{reasons.map((r) => <button key={r} type="button" className={`btn ${reason === r ? 'chosen' : ''}`} aria-pressed={reason === r} onClick={() => setReason(r)}>{r}</button>)}</div>
          <input className="input" style={{ marginTop: 6 }} aria-label="Another reason" placeholder="or another reason" value={reasons.includes(reason) ? '' : reason} onChange={(e) => setReason(e.target.value)} />
        </div>}
        {wrong && !wrong.slot && <div className="field"><div className="wrong" role="alert">{wrong.text}</div></div>}
        <div className="form-foot"><button type="button" className="btn" onClick={close}>Cancel</button><button type="submit" className="btn main" disabled={busy}>Tie together</button></div>
      </form>
    </Dialog>
  )
}
