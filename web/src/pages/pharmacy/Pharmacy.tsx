// The pharmacy: four columns from the signed order to the released bag, sorted by what is safe to mix now, then by when
// it is needed. The chosen card is worked on at the right; nothing chosen shows the shelf.
import { useEffect } from 'react'
import type { PharmacyCard } from '../../api'
import { useKeys, useScan } from '../../input/keyboard'
import { useView } from '../../net/view'
import { useNow } from '../../shell/clock'
import type { PageProps } from '../../shell/pages'
import { useQueryValue } from '../../shell/router'
import { clock, ms, sameDay, span, weekday } from '../../ui/format'
import { ViewStates } from '../../ui/Page'
import { StateBadge } from '../../ui/StateBadge'
import { When } from '../../ui/Time'
import { Bag } from './Bag'
import { Shelf } from './Shelf'
import { VerifyPlan } from './VerifyPlan'

const STAGES = ['verify', 'prepare', 'check', 'release'] as const
const names = { verify: 'Verify', prepare: 'Prepare', check: 'Check', release: 'Release' }
const idle = {
  verify: 'Nothing to verify. A plan a prescriber signs appears here.', prepare: 'Nothing to mix.',
  check: 'No bag waits for the second person.', release: 'No bag waits to be released.',
}

/** What stands on one card: an order; in the first column all signed orders of a plan. */
export interface Card extends PharmacyCard { more: PharmacyCard[] }

function cardsOf(all: PharmacyCard[], stage: string): Card[] {
  const rows = all.filter((c) => c.stage === stage)
  const cards: Card[] = []
  for (const c of rows) {
    const same = stage === 'verify' ? cards.find((x) => x.plan === c.plan) : undefined
    if (same) same.more.push(c)
    else cards.push({ ...c, more: [] })
  }
  const when = (c: PharmacyCard) => c.needed_by ? ms(c.needed_by) : Infinity
  return cards.sort((a, b) => Number(b.safe_now) - Number(a.safe_now) || when(a) - when(b) || a.name.localeCompare(b.name))
}

export default function Pharmacy(_: PageProps) {
  const query = useView('pharmacy', {}, { everyCareSeconds: 60 })
  return <ViewStates query={query}>{(a) => <Board all={a.cards} />}</ViewStates>
}

function Board({ all }: { all: PharmacyCard[] }) {
  const [chosen, choose] = useQueryValue('order')
  const columns = STAGES.map((s) => cardsOf(all, s))
  const done = cardsOf(all, 'done')
  const card = columns.flat().find((c) => c.order === chosen || c.more.some((m) => m.order === chosen)) ?? done.find((c) => c.order === chosen)
  const safe = columns[1].filter((c) => c.safe_now).length
  useEffect(() => { if (chosen) document.getElementById(`card-${chosen}`)?.scrollIntoView({ block: 'nearest' }) }, [chosen, card?.stage])
  useScan((code) => {
    const found = all.find((c) => c.prep && code.includes(c.prep)) ?? all.find((c) => c.struck && code.includes(c.struck))
    if (found) choose(found.order)
    return !!found
  })
  const move = (dy: number, dx: number) => {
    let x = Math.max(0, columns.findIndex((c) => card && c.includes(card)))
    let y = card ? columns[x].indexOf(card) + dy : 0
    if (dx) {
      do x += dx; while (columns[x] && !columns[x].length)
      if (!columns[x]) return
    } else if (!card) x = columns.findIndex((c) => c.length)
    const to = columns[x]?.[Math.max(0, Math.min(columns[x].length - 1, y))]
    if (to) choose(to.order)
  }
  useKeys('Pharmacy', [
    { key: 'ArrowDown', says: 'Next card', run: () => move(1, 0) }, { key: 'ArrowUp', says: 'The card before', run: () => move(-1, 0) },
    { key: 'ArrowRight', says: 'Next column', run: () => move(0, 1) }, { key: 'ArrowLeft', says: 'The column before', run: () => move(0, -1) },
    { key: 't', says: 'The shelf', run: () => choose(null) },
  ])
  return (
    <div className="pharmacy">
      <div className="pharm-board">
        <div className="pharm-head">
          <h1>Pharmacy</h1>
          <span className="quiet small">{safe ? <><b style={{ color: 'var(--text)' }}>{safe}</b> safe to mix now</> : 'nothing is safe to mix at this moment'}</span>
          <span className="push row"><button type="button" className={`btn low ${card ? '' : 'chosen'}`} aria-pressed={!card} onClick={() => choose(null)}>Shelf <kbd>T</kbd></button></span>
        </div>
        <div className="pharm-columns">
          {STAGES.map((s, i) => (
            <section key={s} className="pharm-column" aria-label={names[s]}>
              <h2>{names[s]}<span className="push">{columns[i].length || ''}</span></h2>
              <div className="pharm-cards" tabIndex={columns[i].length ? undefined : 0}>
                {columns[i].map((c) => <PCard key={c.order} c={c} chosen={c === card} choose={() => choose(c.order)} />)}
                {!columns[i].length && <p className="quiet small" style={{ padding: '2px 5px' }}>{idle[s]}</p>}
              </div>
            </section>
          ))}
        </div>
        <details className="pharm-done">
          <summary>Done <span className="quiet">{done.length}</span></summary>
          <table className="table"><tbody>
            {done.map((c) => (
              <tr key={c.order}><td><button type="button" className="btn bare low" onClick={() => choose(c.order)}>{c.name}</button></td><td>{c.drug_name} {c.dose}</td><td>{c.chair}</td><td><StateBadge state={c.state} /></td>
                <td>{c.struck ? <s>{c.struck}</s> : c.prep}</td></tr>
            ))}
          </tbody></table>
          {!done.length && <p className="quiet small">No bag has left yet today.</p>}
        </details>
      </div>
      <aside className="pharm-side" aria-label={card ? 'The chosen card' : 'Shelf'} tabIndex={0}>
        {!card ? <Shelf /> : card.stage === 'verify' ? <VerifyPlan key={card.plan} c={card} close={() => choose(null)} /> : <Bag key={card.order + (card.prep ?? '')} c={card} close={() => choose(null)} />}
      </aside>
    </div>
  )
}

/** How long the bag may still be started. */
export function Countdown({ until }: { until: string }) {
  const now = useNow(10_000)
  const left = ms(until) - now
  return left > 0 ? <span className="nowrap" title={`start by ${clock(until)}`}>start within {span(left)}</span> : <b className="nowrap"><span aria-hidden="true">✕ </span>past its time</b>
}

function Needed({ at }: { at?: string }) {
  const now = useNow(10_000)
  if (!at) return <span className="quiet">not booked</span>
  const late = ms(at) < now
  if (!sameDay(at, now)) return <span className="nowrap">{weekday(at)} {clock(at)}</span>
  return <span className={`nowrap ${late ? 'late' : ''}`}>{late && <span aria-hidden="true">! </span>}<b>{clock(at)}</b> {late ? `${span(now - ms(at))} late` : `in ${span(ms(at) - now)}`}</span>
}

function PCard({ c, chosen, choose }: { c: Card; chosen: boolean; choose: () => void }) {
  const blind = c.stage === 'check'
  return (
    <button id={`card-${c.order}`} type="button" className={`pcard ${c.safe_now ? 'safe' : 'waits'} ${chosen ? 'chosen' : ''}`} aria-pressed={chosen} onClick={choose}>
      <span className="line"><span className="who grow">{c.name}</span>{c.chair && <b>{c.chair}</b>}</span>
      <span className="line"><span className="clip grow">{c.drug_name}</span>{c.hazard && <span className="hazard" title="hazardous drug">{c.hazard}</span>}</span>
      <span className="line"><b className="nowrap">{blind ? 'you first' : c.more.length ? `${c.more.length + 1} doses` : c.dose}</b><span className="push"><Needed at={c.needed_by} /></span></span>
      {c.beyond_use && c.stage !== 'done' && <span className="why"><Countdown until={c.beyond_use} /></span>}
      {c.safe_now ? c.stage === 'prepare' && <span className="why"><span aria-hidden="true">● </span>{c.state === 'started' ? 'being mixed' : 'safe to mix now'}</span> : c.stage !== 'verify' && c.why_not && <span className="why"><span aria-hidden="true">○ </span>{c.why_not}</span>}
      {c.struck && <span className="struck"><s>{c.struck}</s> throw it away</span>}
    </button>
  )
}

export function CardHead({ c, close }: { c: Card; close: () => void }) {
  return (
    <div className="side-who">
      <div className="head"><h1 className="grow">{c.name}</h1><button type="button" className="btn bare low" aria-label="Close" onClick={close}>✕</button></div>
      <div className="quiet">{c.drug_name}{c.chair && `, chair ${c.chair}`}{c.needed_by && <>, needed <When t={c.needed_by} /></>}</div>
    </div>
  )
}
