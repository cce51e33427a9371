// The bedside: today as a ladder, the infusion strip, and what can be done now. Stop and Reaction always stand in the
// same place. What only a person at the pump can do says so.
import { useState } from 'react'
import type { BedsideDrug } from '../../api'
import { useKeys, useScan } from '../../input/keyboard'
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { go, Link } from '../../shell/router'
import { useSession } from '../../shell/session'
import { PatientBanner } from '../../ui/PatientBanner'
import { StateBadge } from '../../ui/StateBadge'
import { ViewStates } from '../../ui/Page'
import { Actions, Emergency } from './Actions'
import { HangDialog, looksLikeBag } from './Hang'
import { Ladder } from './Ladder'
import { ReactionPanel } from './Reaction'
import { StopDialog } from './Stop'
import { Strip } from './Strip'
import type { Bedside } from './strip-model'

const open = new Set(['associated', 'waiting', 'running', 'paused', 'kvo', 'uncertain'])
/** The infusion that counts now. */
export const openDrug = (b: Bedside): BedsideDrug | undefined =>
  b.drugs.find((d) => d.state === 'running' || d.state === 'kvo') ?? b.drugs.find((d) => d.state && open.has(d.state))

export default function BedsidePage({ visit }: PageProps) {
  const query = useView('bedside', { visit }, { about: (b) => b.banner?.id, everyCareSeconds: 30 })
  return <ViewStates query={query}>{(b) => <AtBedside b={b} />}</ViewStates>
}

function AtBedside({ b }: { b: Bedside }) {
  const { mayDo } = useSession()
  const current = b.reactions.find((r) => r.state !== 'closed')
  const [reacting, setReacting] = useState(false)
  const [hidden, setHidden] = useState('') // an open reaction put aside by hand
  const [stopping, setStopping] = useState(false)
  const [hang, setHang] = useState<string | null>(null)
  const flowing = openDrug(b)
  const showReaction = reacting || (current !== undefined && current.id !== hidden)
  const here = b.visit ? ['arrived', 'ok', 'treating', 'observing', 'done'].includes(b.visit.state) : false
  const mayHang = b.actions.some((a) => a.command === 'give.associate' && a.enabled) && mayDo('give.associate')
  const react = () => {
    setHidden('')
    setReacting(true)
  }
  useKeys('Bedside', [
    ...(flowing && mayDo('give.stop') ? [{ key: 'x', says: 'Stop', run: () => setStopping(true) }] : []),
    ...(here && mayDo('reaction.record') ? [{ key: 'e', says: 'Reaction', run: react }] : []),
    ...(b.visit ? [{ key: 'c', says: 'What was charted, and corrections', run: () => go(`/chart/${b.visit!.id}`) }] : []),
  ])
  useScan((code) => {
    if (!mayHang || !(looksLikeBag(code) || code === b.banner?.mrn || code === b.banner?.id)) return false
    setHang(code)
    return true
  })
  return (
    <div className="bedside">
      {b.banner && <PatientBanner b={b.banner}>
        {b.visit?.chair && <span className="strong">{b.visit.chair}</span>}
        {b.visit && <StateBadge state={b.visit.state} />}
        {b.visit && <Link className="btn low" to={`/chart/${b.visit.id}`}>Charted <kbd>C</kbd></Link>}
      </PatientBanner>}
      <div className={`bedside-grid ${showReaction ? 'reacting' : ''}`}>
        <Ladder steps={b.ladder} />
        <Strip b={b} />
        <div className="side">
          <Emergency flowing={flowing} mayReact={here} stop={() => setStopping(true)} react={react} />
          {showReaction
            ? <ReactionPanel b={b} current={current} flowing={flowing} close={() => { setReacting(false); setHidden(current?.id ?? '') }} />
            : <Actions b={b} flowing={flowing} hang={() => setHang('')} />}
        </div>
      </div>
      {stopping && flowing && <StopDialog d={flowing} close={() => setStopping(false)} />}
      {hang !== null && <HangDialog b={b} first={hang} close={() => setHang(null)} />}
    </div>
  )
}
