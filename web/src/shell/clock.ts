// Care time: what the clock on the wall of the centre says. In the demo it runs faster than life; it is a function of
// real time, given by the server once (GET /api/me).
import { useSyncExternalStore } from 'react'
import type { Me } from '../api'

let origin = { care: Date.now(), steady: performance.now(), speed: 1 }
let zoneName = 'UTC'

export function setClock(me: Pick<Me, 'now' | 'speed_thousandths'> & { site: { zone: string } }): void {
  origin = { care: Date.parse(me.now), steady: performance.now(), speed: me.speed_thousandths / 1000 }
  zoneName = me.site.zone || 'UTC'
}

export const careNow = () => origin.care + (performance.now() - origin.steady) * origin.speed
export const careSpeed = () => Math.max(origin.speed, 0.001)
export const zone = () => zoneName

const watchers = new Set<() => void>()
let tick = careNow()
let timer = 0

function subscribe(w: () => void): () => void {
  watchers.add(w)
  if (!timer) timer = setInterval(() => {
    tick = careNow()
    watchers.forEach((f) => f())
  }, 1000) as unknown as number
  return () => {
    watchers.delete(w)
    if (!watchers.size) {
      clearInterval(timer)
      timer = 0
    }
  }
}

/** Care time in ms, renewed each second; `step` (ms) rounds it down, so that a part that shows minutes renders by the minute. */
export function useNow(step = 1000): number {
  return useSyncExternalStore(subscribe, () => Math.floor((timer ? tick : careNow()) / step) * step)
}
