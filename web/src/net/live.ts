// What changed, told to the views that show it: notices are gathered for a moment, then each affected view on screen is
// fetched again, at most a few times a second. A fetch that began before the notice is followed by another.
import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { watchReach } from './http'
import { listen, type LinkEvent, type LinkState, type Stream } from './stream'
import type { Shown } from './view'

const GATHER_MS = 40
const PACE_MS = 350

export interface Link { state: LinkState; since: number }
let link: Link = { state: 'connecting', since: Date.now() }
const watchers = new Set<() => void>()

function setLink(next: Link): void {
  if (next.state === link.state && next.since === link.since) return
  link = next
  watchers.forEach((w) => w())
}

export function useLink(): Link {
  return useSyncExternalStore((w) => { watchers.add(w); return () => watchers.delete(w) }, () => link)
}

let client: QueryClient | null = null
let port: MessagePort | null = null
let own: Stream | null = null
let gathered: { topics: Set<string>; ids: Set<string>; live: Set<string>; seq: number; all: boolean } | null = null
let lastSweep = 0

function sweep(): void {
  const batch = gathered
  gathered = null
  lastSweep = Date.now()
  if (!batch || !client) return
  for (const q of client.getQueryCache().findAll({ queryKey: ['view'] })) {
    const meta = q.meta as { about?: (answer: unknown) => string | undefined } | undefined
    const shown = q.state.data as Shown<unknown> | undefined
    const about = shown && meta?.about?.(shown.answer)
    const pumpSpoke = about !== undefined && batch.live.has(about) // no event: the same ledger number may say more
    if (!batch.all && about && !batch.ids.has(about) && !pumpSpoke) continue
    if (!batch.all && shown && shown.seq >= batch.seq && !pumpSpoke) continue
    if (q.state.fetchStatus === 'fetching') {
      q.promise?.then(() => client?.invalidateQueries({ queryKey: q.queryKey, exact: true }), () => undefined)
    } else {
      void client.invalidateQueries({ queryKey: q.queryKey, exact: true })
    }
  }
}

function gather(e: LinkEvent): void {
  const first = !gathered
  gathered ??= { topics: new Set(), ids: new Set(), live: new Set(), seq: 0, all: false }
  if (e.kind === 'notice' && e.notice.live) {
    gathered.live.add(e.notice.id)
  } else if (e.kind === 'notice') {
    gathered.topics.add(e.notice.topic)
    gathered.ids.add(e.notice.id)
    gathered.seq = Math.max(gathered.seq, e.notice.seq)
  } else {
    gathered.all = true
  }
  if (first) setTimeout(sweep, Math.max(GATHER_MS, lastSweep + PACE_MS - Date.now()))
}

function heard(e: LinkEvent): void {
  if (e.kind !== 'link') return gather(e)
  if (e.state === 'live' && link.state === 'lost') gather({ kind: 'reset' }) // what was missed meanwhile
  setLink({ state: e.state, since: e.since })
}

export function startLive(queries: QueryClient): void {
  client = queries
  if (port) return port.postMessage('again')
  if (own) own.close()
  const worker = document.querySelector<HTMLMetaElement>('meta[name=venule-worker]')?.content
  try {
    if (!worker || typeof SharedWorker === 'undefined') throw new Error('no shared worker')
    port = new SharedWorker(worker, { type: 'module', name: 'venule-live' }).port
    port.onmessage = (m) => heard(m.data as LinkEvent)
    port.start()
    addEventListener('pagehide', () => port?.postMessage('bye'))
    addEventListener('pageshow', (e) => { if (e.persisted) location.reload() })
  } catch {
    own = listen(heard)
  }
}

export function stopLive(): void {
  port?.postMessage('bye')
  port?.close()
  port = null
  own?.close()
  own = null
}

// A request that did not get through is news about the link too.
watchReach((reached) => {
  if (!reached && link.state !== 'lost') setLink({ state: 'lost', since: Date.now() })
  else if (reached && link.state === 'lost' && !own && !port) setLink({ state: 'live', since: Date.now() })
})
addEventListener('offline', () => setLink({ state: 'lost', since: Date.now() }))
