// One event stream for all tabs of this browser (SharedWorker). It passes on what the server says: that something
// changed, never what. A tab says goodbye when it closes; the stream ends with the last tab.
import { listen, type LinkEvent, type Stream } from './stream'

interface SharedScope { onconnect: ((e: MessageEvent) => void) | null }

const tabs = new Set<MessagePort>()
let stream: Stream | null = null
let latest: LinkEvent = { kind: 'link', state: 'connecting', since: Date.now() }

function tell(e: LinkEvent): void {
  if (e.kind === 'link') latest = e
  tabs.forEach((t) => t.postMessage(e))
}

;(self as unknown as SharedScope).onconnect = (e) => {
  const tab = e.ports[0]
  tabs.add(tab)
  tab.onmessage = (m) => {
    if (m.data === 'bye') {
      tabs.delete(tab)
      if (!tabs.size) {
        stream?.close()
        stream = null
      }
    } else if (m.data === 'again') {
      stream?.close()
      stream = listen(tell)
    }
  }
  tab.start()
  tab.postMessage(latest)
  stream ??= listen(tell)
}
