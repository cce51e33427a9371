// Addresses are links that can be kept: one small router over the browser's history.
import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react'

const watchers = new Set<() => void>()
addEventListener('popstate', () => watchers.forEach((w) => w()))

export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return
  if (replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  watchers.forEach((w) => w())
}

export function usePath(): string {
  return useSyncExternalStore((w) => { watchers.add(w); return () => watchers.delete(w) }, () => location.pathname)
}

/** A value of the address's query, and how to change it in place. */
export function useQueryValue(name: string): [string | null, (value: string | null) => void] {
  const search = useSyncExternalStore((w) => { watchers.add(w); return () => watchers.delete(w) }, () => location.search)
  return [new URLSearchParams(search).get(name), (value) => {
    const q = new URLSearchParams(location.search)
    if (value === null) q.delete(name)
    else q.set(name, value)
    const text = q.toString()
    go(location.pathname + (text ? '?' + text : ''), true)
  }]
}

/** "/bedside/:visit" against "/bedside/1-visit-4-7": {visit: "1-visit-4-7"}; null if it does not fit. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/'), have = path.replace(/\/+$/, '').split('/')
  if (path === '/') have.length = 1
  if (want.length !== have.length) return null
  const found: Record<string, string> = {}
  for (let i = 0; i < want.length; i++) {
    if (want[i].startsWith(':')) found[want[i].slice(1)] = decodeURIComponent(have[i])
    else if (want[i] !== have[i]) return null
  }
  return found
}

export function Link({ to, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { to: string }) {
  return <a {...rest} href={to} onClick={(e: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(e)
    if (e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey) return
    e.preventDefault()
    go(to)
  }} />
}
