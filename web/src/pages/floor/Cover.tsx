// Break cover in one step: all my patients to a colleague, with three lines each to say aloud.
import { useState } from 'react'
import type { ChairCard } from '../../api'
import { useView } from '../../net/view'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { Dialog } from '../../ui/Dialog'
import { clock } from '../../ui/format'

export function CoverDialog({ cards, close }: { cards: ChairCard[]; close: () => void }) {
  const { me } = useSession()
  const { run, say } = useDoing()
  const [to, setTo] = useState('')
  const [busy, setBusy] = useState(false)
  const staff = useView('staff', {}, { everyCareSeconds: 3600 }).data?.answer.staff ?? []
  const nurses = staff.filter((s) => s.active && s.id !== me.id && s.roles.split(' ').includes('nurse'))
  const name = nurses.find((n) => n.id === to)?.name
  const give = async () => {
    setBusy(true)
    let done = 0
    for (const k of cards) if ((await run('visit.seat', { visit: k.visit!, nurse: to })).ok) done++
    setBusy(false)
    if (done) say(`${done} of ${cards.length} patients are ${name}'s now. They take the same step back to you.`)
    if (done === cards.length) close()
  }
  return (
    <Dialog title="Break cover" close={close} size={560}>
      {!cards.length ? <p>You have no patients in a chair now, so there is nothing to hand over.</p> : <>
        <div className="field">
          <div className="label">Who takes over</div>
          <div className="choices">{nurses.map((n) => <button key={n.id} type="button" className={`btn ${to === n.id ? 'chosen' : ''}`} aria-pressed={to === n.id} onClick={() => setTo(n.id)}>{n.name}</button>)}</div>
        </div>
        <div style={{ marginTop: 10 }}>
          {cards.map((k) => (
            <div key={k.chair} className="handover">
              <p><b>{k.chair} {k.name}</b>, {k.state === 'running' ? 'running' : k.state}</p>
              <p>{k.drug}{k.rate && `, ${k.rate}`}{k.ends && `, ends ${clock(k.ends)}`}{k.alarm_text && `. Alarm: ${k.alarm_text}`}</p>
              <p>{k.next ? `Next: ${k.next}${k.next_at ? ` at ${clock(k.next_at)}` : ''}` : k.waits_for ? `Waits for ${k.waits_for}` : 'Nothing due'}</p>
            </div>
          ))}
        </div>
        <div className="form-foot">
          <button className="btn" type="button" onClick={close}>Cancel</button>
          <button className="btn main" type="button" disabled={!to || busy} onClick={() => void give()}>Hand over {cards.length === 1 ? 'one patient' : `${cards.length} patients`}</button>
        </div>
      </>}
    </Dialog>
  )
}
