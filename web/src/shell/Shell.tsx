// The frame: rail by role, the bar on top, the page. A wall display shows the page alone.
import { Component, Suspense, useEffect, type ErrorInfo, type ReactNode } from 'react'
import { deliverScan, useKeys, useScan } from '../input/keyboard'
import { Empty, Loading } from '../ui/Page'
import { icons } from '../ui/icons'
import { go, Link, match, usePath, useQueryValue } from './router'
import { home, pages } from './pages'
import { useSession } from './session'
import { TopBar, useBar } from './TopBar'

/** A fault in one page leaves the frame standing. */
class Fence extends Component<{ at: string; children: ReactNode }, { failed: Error | null }> {
  state: { failed: Error | null } = { failed: null }
  static getDerivedStateFromError(failed: Error) { return { failed } }
  componentDidUpdate(before: { at: string }) { if (before.at !== this.props.at && this.state.failed) this.setState({ failed: null }) }
  componentDidCatch(e: Error, info: ErrorInfo) { console.error(e, info.componentStack) }
  render() {
    if (!this.state.failed) return this.props.children
    return (
      <div className="state-box sheet" role="alert">
        <h2>This page has failed</h2>
        <p>What was recorded is safe; only the picture of it broke.</p>
        <p className="quiet small">{this.state.failed.message}</p>
        <button className="btn" type="button" onClick={() => location.reload()}>Load it again</button>
      </div>
    )
  }
}

export function Shell() {
  const { me, isPatient } = useSession()
  const path = usePath()
  const [wall] = useQueryValue('wall')
  const bar = useBar()
  const rail = pages.filter((p) => p.rail && p.rail.roles.some((r) => me.roles.includes(r)))
  useKeys('Anywhere', [
    { key: '/', says: 'Search: a name, a number, a scan (also Ctrl-K)', run: bar.search },
    { key: '?', says: 'The keys of this page', run: bar.help },
    ...rail.map((p) => ({ key: p.rail!.key, says: p.rail!.name, run: () => go(p.path) })),
  ])
  useScan((code) => {
    bar.search(code)
    return true
  })
  useEffect(() => {
    if (path === '/') go(home(me.roles, me.patient), true)
  }, [path, me])
  let found: { page: ReactNode; under: string } | null = null
  for (const p of pages) {
    const params = match(p.path, path)
    if (params) found = { page: <p.page key={path} {...params} />, under: p.under ?? p.path }
  }
  const way = isPatient ? 'shell bare' : wall ? 'shell wall' : 'shell'
  return (
    <div className={way}>
      <nav className="rail" aria-label="Pages">
        <Link className="brand" to="/">venule</Link>
        {rail.map((p) => (
          <Link key={p.path} className="go" to={p.path} aria-current={found?.under === p.path ? 'page' : undefined} title={`${p.rail!.name} (${p.rail!.key})`}>
            {icons[p.rail!.icon]}{p.rail!.name}
          </Link>
        ))}
      </nav>
      <TopBar bar={bar} />
      <main className="page" id="page" tabIndex={-1}>
        <Fence at={path}>
          <Suspense fallback={<Loading />}>
            {found ? found.page : path === '/' ? null : <Empty title="There is no such page">Search with <kbd>Ctrl</kbd> <kbd>K</kbd>, or go to <Link to="/">your first page</Link>.</Empty>}
          </Suspense>
        </Fence>
      </main>
    </div>
  )
}

// For the tests, and for readers that do not type: a scan as text.
;(window as unknown as { venuleScan: typeof deliverScan }).venuleScan = deliverScan
