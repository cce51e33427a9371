// The room seen from above: chairs in their pods, and one walking list for the whole unit.
import { useState } from 'react'
import type { Views, WalkTask } from '../../api'
import { useKeys } from '../../input/keyboard'
import { useView } from '../../net/view'
import { useNow } from '../../shell/clock'
import type { PageProps } from '../../shell/pages'
import { go, Link, useQueryValue } from '../../shell/router'
import { useSession } from '../../shell/session'
import { Empty, ViewStates } from '../../ui/Page'
import { When } from '../../ui/Time'
import { clock } from '../../ui/format'
import { AlarmCount, stateSymbol } from '../../ui/StateBadge'
import { ChairCard } from './ChairCard'
import { CoverDialog } from './Cover'

type FloorAnswer = Views['floor']['answer']

export default function Floor(_: PageProps) {
  const query = useView('floor', {}, { everyCareSeconds: 30 })
  return <ViewStates query={query}>{(f, shown) => <Room f={f} at={shown.at} />}</ViewStates>
}

function Room({ f, at }: { f: FloorAnswer; at: number }) {
  const { me, mayDo } = useSession()
  const [wall, setWall] = useQueryValue('wall')
  const [mineOnly, setMine] = useQueryValue('mine')
  const [cover, setCover] = useState(false)
  const [place, setPlace] = useState(-1)
  const isNurse = me.roles.includes('nurse')
  const mine = (nurse?: string) => nurse === me.id
  const tasks = f.tasks.filter((t) => !mineOnly || mine(t.nurse) || t.alarm)
  const walkable = tasks.filter((t) => t.visit)
  const move = (by: number) => {
    const next = Math.max(0, Math.min(walkable.length - 1, place + by))
    setPlace(next)
    document.querySelectorAll<HTMLElement>('.walk-list .task')[next]?.focus()
  }
  useKeys('Floor', [
    { key: 'ArrowDown', says: 'Next in the walking list', run: () => move(1) },
    { key: 'ArrowUp', says: 'The one before', run: () => move(-1) },
    { key: 'Enter', says: 'Go there', run: () => openFocused(walkable[place]) },
    ...(isNurse ? [{ key: 'm', says: 'My patients only, and back', run: () => setMine(mineOnly ? null : '1') }] : []),
    ...(mayDo('visit.seat') && isNurse ? [{ key: 'c', says: 'Hand my patients over for a break', run: () => setCover(true) }] : []),
    { key: 'w', says: 'Wall display without names, and back', run: () => setWall(wall ? null : '1') },
  ])
  if (!f.chairs.length) return <Empty title="No chairs are set up">An administrator adds chairs and pods first.</Empty>
  const pods = [...new Set(f.chairs.map((c) => c.pod))]
  const c = f.count
  return (
    <div className="floor">
      <div className="floor-room">
        <div className="floor-head">
          <h1>Floor</h1>
          {c && <span className="counts">
            <span><b>{c.present}</b> here</span><span><b>{c.running}</b> running</span><span><b>{c.expected}</b> to come</span><span><b>{c.done}</b> done</span>
          </span>}
          {wall && c && <span className="row"><AlarmCount priority="high" count={c.high} /><AlarmCount priority="medium" count={c.medium} /><AlarmCount priority="low" count={c.low} /><WallClock /></span>}
          <span className="push row">
            {!wall && isNurse && <button type="button" className={`btn low ${mineOnly ? 'chosen' : ''}`} aria-pressed={!!mineOnly} onClick={() => setMine(mineOnly ? null : '1')}>My patients <kbd>M</kbd></button>}
            {!wall && isNurse && <button type="button" className="btn low" onClick={() => setCover(true)}>Break cover <kbd>C</kbd></button>}
            <button type="button" className="btn low" aria-pressed={!!wall} onClick={() => setWall(wall ? null : '1')}>{wall ? 'Leave wall display' : 'Wall'} <kbd>W</kbd></button>
          </span>
        </div>
        <div className="pods">
          {pods.map((pod) => (
            <section key={pod} className="pod" aria-label={`Pod ${pod}`}>
              <h2>Pod {pod}</h2>
              <div className="chairs">
                {f.chairs.filter((k) => k.pod === pod).map((k) => <ChairCard key={k.chair} k={k} at={at} wall={!!wall} dim={!!mineOnly && !mine(k.nurse) && k.state !== 'empty'} />)}
              </div>
            </section>
          ))}
        </div>
      </div>
      <Walk tasks={tasks} f={f} wall={!!wall} />
      {cover && <CoverDialog cards={f.chairs.filter((k) => mine(k.nurse) && k.visit)} close={() => setCover(false)} />}
    </div>
  )
}

function openFocused(t: WalkTask | undefined): void {
  const at = document.activeElement
  if (at instanceof HTMLAnchorElement || at instanceof HTMLButtonElement) at.click()
  else if (t?.visit) go(`/bedside/${t.visit}`)
}

function WallClock() {
  return <span style={{ fontSize: 26, fontWeight: 700, marginLeft: 12 }}>{clock(useNow(1000))}</span>
}

function Walk({ tasks, f, wall }: { tasks: WalkTask[]; f: FloorAnswer; wall: boolean }) {
  const booked = f.waiting.filter((w) => w.state === 'booked')
  const mixing = f.waiting.filter((w) => w.waits_for === 'mixing')
  return (
    <aside className="walk" aria-label="Walking list">
      <div className="walk-head"><h2>Walking list</h2><span className="quiet small push">{tasks.length ? `${tasks.length} to do` : ''}</span></div>
      <div className="walk-list">
        {!tasks.length && <p className="quiet" style={{ padding: 12 }}>Nothing to do now. The next thing due appears here by itself.</p>}
        {tasks.map((t) => (
          <Link key={`${t.visit}${t.what}${t.due}`} to={t.visit ? `/bedside/${t.visit}` : '/floor'} className={`task ${t.alarm ? `alarm-task ${t.alarm}` : t.urgency}`}>
            <span className="where">{t.chair ?? '–'}</span>
            <span className="what"><span aria-hidden="true">{stateSymbol(t.urgency)} </span>{t.what}</span>
            <span className="due">{t.due && <><When t={t.due} only="relative" /><br /><span className="quiet"><When t={t.due} only="clock" /></span></>}</span>
            <span className="why">{!wall && t.name ? `${t.name}: ` : ''}{t.why}</span>
          </Link>
        ))}
        {mixing.length > 0 && <section><h3>Waiting for the pharmacy</h3>
          {mixing.map((w) => <div key={w.visit} className="coming"><b>{w.chair ?? '–'}</b><span className="grow clip">{wall ? w.title : `${w.name}, ${w.title}`}</span></div>)}
        </section>}
        {booked.length > 0 && <section><h3>Still to come</h3>
          {booked.map((w) => (
            <Link key={w.visit} to={`/bedside/${w.visit}`} className="coming" style={{ color: 'inherit', textDecoration: 'none' }}>
              <span className="nowrap">{w.start && clock(w.start)}</span><b>{w.chair ?? '–'}</b><span className="grow clip">{wall ? w.title : `${w.name}, ${w.title}`}</span>
            </Link>
          ))}
        </section>}
      </div>
    </aside>
  )
}
