// Stop: the hand first, then the record. The segment stays running until the pump or a person says it stopped.
import type { BedsideDrug } from '../../api'
import { useState, type FormEvent } from 'react'
import { useDoing } from '../../ui/Commands'
import { Dialog } from '../../ui/Dialog'
import { qty } from '../../ui/format'

export function StopDialog({ d, close }: { d: BedsideDrug; close: () => void }) {
  const { run } = useDoing()
  const [volume, setVolume] = useState('')
  const [wrong, setWrong] = useState('')
  const submit = async (e: FormEvent) => {
    e.preventDefault()
    const v = volume.trim()
    if (v && !/^\d{1,6}(\.\d{1,3})?$/.test(v)) return setWrong('A number, please: 123.4 with a point. Or leave it out.')
    const o = await run('give.stop', { infusion: d.infusion!, ...(v ? { volume: Number(v) } : {}) }, { done: `${d.drug_name}: stop recorded.`, own: true })
    if (o.ok) close()
    else if (o.problem && !o.problem.refusals?.length) setWrong(o.problem.detail ?? o.problem.title)
  }
  return (
    <Dialog title={`Stop ${d.drug_name}`} close={close}>
      <form className="form-grid" onSubmit={(e) => void submit(e)} noValidate>
        <p style={{ fontSize: 22, fontWeight: 800, background: 'var(--strong)', color: 'var(--strong-text)', padding: '10px 12px', borderRadius: 5 }}>STOP THE PUMP BY HAND{d.pump && `: ${d.pump}`}</p>
        <p className="quiet">Nothing here stops a pump. It is shown as running at {qty(d.rate, 'mL/h', 1) || 'no known rate'} until the pump or you say that it stopped.</p>
        <div className="field">
          <label htmlFor="stop-volume">Volume the pump’s display shows <span className="faint">(may be left out)</span></label>
          <div className="input-unit"><input id="stop-volume" className="input" style={{ maxWidth: 140 }} inputMode="decimal" autoComplete="off" value={volume} onChange={(e) => setVolume(e.target.value)} aria-invalid={!!wrong} data-autofocus /><span className="quiet">mL of {qty(d.ordered, 'mL', 1)}</span></div>
          {wrong && <div className="wrong" role="alert">{wrong}</div>}
        </div>
        <div className="form-foot"><button type="button" className="btn" onClick={close}>Cancel</button><button type="submit" className="btn main">It is stopped: record it</button></div>
      </form>
    </Dialog>
  )
}
