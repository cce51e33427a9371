// Verifying: the proof of each signed dose of the plan, then one signature for all of them.
import { useState } from 'react'
import { useKeys } from '../../input/keyboard'
import { Link } from '../../shell/router'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { Proof, proofOf } from '../../ui/Proof'
import { CardHead, type Card } from './Pharmacy'
import { Struck } from './Bag'
import { Query } from './Query'

export function VerifyPlan({ c, close }: { c: Card; close: () => void }) {
  const { mayDo } = useSession()
  const { run, busy } = useDoing()
  const [at, setAt] = useState(0)
  const all = [c, ...c.more]
  const shown = all[Math.min(at, all.length - 1)]
  const proof = proofOf(shown.proof)
  const may = mayDo('plan.verify')
  const verify = () => void run('plan.verify', { plan: c.plan }, { done: 'Verified.' })
  useKeys('Verify', [
    ...(may ? [{ key: 'v', says: all.length > 1 ? `Verify all ${all.length} doses` : 'Verify', run: verify }] : []),
    ...(all.length > 1 ? [{ key: 'n', says: 'Next dose', run: () => setAt((at + 1) % all.length) }] : []),
  ])
  return (
    <>
      <CardHead c={c} close={close} />
      {all.filter((x) => x.struck).map((x) => <Struck key={x.struck} c={x} />)}
      <div className="row wrap" style={{ marginBottom: 8 }}>
        {may ? <button type="button" className="btn main" disabled={busy} onClick={verify}>{all.length > 1 ? `Verify all ${all.length} doses` : 'Verify'} <kbd>V</kbd></button> : <span className="quiet">A pharmacist verifies.</span>}
        <Link className="btn" to={`/plan/${c.plan}`}>The whole plan</Link>
      </div>
      {all.length > 1 && <div className="choices" role="group" aria-label="Doses" style={{ marginBottom: 10 }}>
        {all.map((x, i) => <button key={x.order} type="button" className={`btn low ${i === at ? 'chosen' : ''}`} aria-pressed={i === at} onClick={() => setAt(i)}>{i + 1}. {x.dose}</button>)}
      </div>}
      <Query key={`q${shown.order}`} c={shown} />
      {proof ? <Proof key={shown.order} p={proof} dose={shown.dose} /> : <p className="quiet">There is no proof with this dose.</p>}
    </>
  )
}
