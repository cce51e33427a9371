// The event stream itself, for the worker or for a tab without one.
export type LinkState = 'connecting' | 'live' | 'lost'
/** live: a pump's word that is no event; no ledger number stands for it. */
export interface Notice { seq: number; topic: string; id: string; live?: boolean }
export type LinkEvent =
  | { kind: 'link'; state: LinkState; since: number }
  | { kind: 'notice'; notice: Notice }
  | { kind: 'reset' }

export interface Stream { close(): void }

const AGAIN_MS = 2000

export function listen(tell: (e: LinkEvent) => void): Stream {
  let source: EventSource | null = null
  let timer = 0
  let lostSince = 0
  let seen = 0

  const open = () => {
    source = new EventSource(seen ? `/api/events?after=${seen}` : '/api/events')
    source.onopen = () => {
      tell({ kind: 'link', state: 'live', since: Date.now() })
      lostSince = 0
    }
    source.onmessage = (m) => {
      const notice = JSON.parse(m.data) as Notice
      if (!notice.live) seen = Math.max(seen, notice.seq)
      tell({ kind: 'notice', notice })
    }
    source.addEventListener('hello', (m) => {
      const seq = Number((JSON.parse((m as MessageEvent).data) as { seq?: number }).seq ?? 0)
      if (seq > seen && !seen) seen = seq
    })
    source.addEventListener('reset', () => tell({ kind: 'reset' }))
    source.onerror = () => {
      // Our own reconnection rather than the browser's: it also covers answers that end the stream for good.
      source?.close()
      lostSince ||= Date.now()
      tell({ kind: 'link', state: 'lost', since: lostSince })
      clearTimeout(timer)
      timer = setTimeout(open, AGAIN_MS) as unknown as number
    }
  }
  open()
  return {
    close() {
      clearTimeout(timer)
      source?.close()
    },
  }
}
