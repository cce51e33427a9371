// Top: site, clock and speed, the link as an alarm of its own, alarms by priority, search, who is signed in.
import { Menu, useMantineColorScheme } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { keysHere } from '../input/keyboard'
import { useLink } from '../net/live'
import { useView } from '../net/view'
import { Dialog } from '../ui/Dialog'
import { clock, span, weekday } from '../ui/format'
import { AlarmCount } from '../ui/StateBadge'
import { careSpeed, useNow } from './clock'
import { Link } from './router'
import { SearchBox } from './SearchBox'
import { useSession } from './session'

export interface Bar {
  search: (text?: string) => void
  help: () => void
  open: { kind: 'search'; text: string } | { kind: 'help' } | null
  close: () => void
}

export function useBar(): Bar {
  const [open, setOpen] = useState<Bar['open']>(null)
  return useMemo(() => ({
    search: (text = '') => setOpen({ kind: 'search', text: typeof text === 'string' ? text : '' }),
    help: () => setOpen({ kind: 'help' }),
    close: () => setOpen(null),
    open,
  }), [open])
}

export function LinkState() {
  const link = useLink()
  const [, renew] = useState(0)
  useEffect(() => {
    if (link.state === 'live') return
    const t = setInterval(() => renew((n) => n + 1), 1000)
    return () => clearInterval(t)
  }, [link.state])
  const lost = link.state === 'lost'
  const text = link.state === 'live' ? 'live' : lost ? `link lost, reconnecting since ${span(Date.now() - link.since)}` : 'connecting'
  return (
    <span className={`link ${lost ? 'lost' : ''}`} title={lost ? 'Medium priority: what you see may be out of date. This page is not the primary alarm: the pump is.' : 'Changes come by themselves'}>
      {lost ? <span aria-hidden="true">▲ !!</span> : <span className="dot" aria-hidden="true" />}
      <span>{text}</span>
      <span className="hidden-text" role="alert">{lost ? 'The link to the server is lost.' : ''}</span>
    </span>
  )
}

function Clock() {
  const now = useNow(1000)
  const speed = careSpeed()
  return <span className="nowrap"><span className="quiet small clock-day">{weekday(now)} </span><span className="clock">{clock(now)}</span>{speed !== 1 && <span className="quiet small"> ×{speed}</span>}</span>
}

function Alarms() {
  const { maySee } = useSession()
  const floor = useView('floor', {}, { enabled: maySee('floor') })
  const c = floor.data?.answer.count
  if (!c) return null
  return (
    <span className="alarms">
      <AlarmCount priority="high" count={c.high} /><AlarmCount priority="medium" count={c.medium} /><AlarmCount priority="low" count={c.low} />
      {c.uncertain > 0 && <span className="badge hatch" title="Infusions of which something is not known"><span aria-hidden="true">?</span>{c.uncertain}<span className="hidden-text"> uncertain</span></span>}
    </span>
  )
}

/** Messages of the interfaces that nobody has looked after yet: never unseen by those who can mend them. */
function Waiting() {
  const { maySee } = useSession()
  const queue = useView('interfaces', {}, { enabled: maySee('interfaces'), everyCareSeconds: 300 })
  const open = queue.data?.answer.failed.filter((f) => f.state === 'open') ?? []
  if (!open.length) return null
  const n = open.reduce((sum, f) => sum + f.waiting, 0)
  return <Link className="badge" to="/interfaces" title="Messages of pumps and gateways that could not be used">✉ {n}<span className="hidden-text"> messages could not be used</span></Link>
}

function KeyHelp({ close }: { close: () => void }) {
  const [groups] = useState(keysHere)
  return (
    <Dialog title="Keys" close={close} size={460}>
      {groups.map((g) => (
        <section key={g.title} style={{ marginBottom: 12 }}>
          <h2 className="quiet" style={{ marginBottom: 5 }}>{g.title}</h2>
          <dl className="keys-list">{g.keys.map((k) => <div key={k.key} style={{ display: 'contents' }}><dt><kbd>{({ ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' } as Record<string, string>)[k.key] ?? k.key.toUpperCase()}</kbd></dt><dd>{k.says}</dd></div>)}</dl>
        </section>
      ))}
      <p className="quiet small">A scanner works anywhere, whatever has the focus.</p>
    </Dialog>
  )
}

export function TopBar({ bar }: { bar: Bar }) {
  const { me, signOut, isPatient } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
        e.preventDefault()
        bar.search()
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [bar])
  return (
    <header className="topbar">
      <span className="site clip">{me.site.name.replace(/ \(DEMO\)$/, '')}</span>
      {me.demo && <span className="demo-mark" title="Everything here is invented; not a medical device">DEMO</span>}
      <Clock />
      <LinkState />
      {!isPatient && <Alarms />}
      {!isPatient && <Waiting />}
      <span className="push" />
      {!isPatient && <button type="button" className="search" onClick={() => bar.search()}><span>Search or scan</span><kbd>Ctrl K</kbd></button>}
      <Menu position="bottom-end" width={220} transitionProps={{ duration: 0 }}>
        <Menu.Target><button type="button" className="btn bare low me-button"><span className="clip">{me.name}</span><span aria-hidden="true">▾</span></button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{me.roles.join(', ')}{me.badge && `, badge ${me.badge}`}</Menu.Label>
          {(['light', 'dark', 'auto'] as const).map((s) => (
            <Menu.Item key={s} onClick={() => setColorScheme(s)} rightSection={colorScheme === s ? '✓' : ''}>{{ light: 'Light', dark: 'Dark', auto: 'As the device' }[s]}</Menu.Item>
          ))}
          <Menu.Divider />
          {!isPatient && <Menu.Item onClick={bar.help} rightSection={<kbd>?</kbd>}>Keys of this page</Menu.Item>}
          <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {bar.open?.kind === 'search' && <SearchBox text={bar.open.text} close={bar.close} />}
      {bar.open?.kind === 'help' && <KeyHelp close={bar.close} />}
    </header>
  )
}
