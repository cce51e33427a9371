// Requests to the server we came from. A refusal is a value: Failed carries the problem the server described, or says
// that it could not be reached. Nothing is sent twice without the same key.
import type { Problem } from '../api'

export class Failed extends Error {
  constructor(readonly problem: Problem, readonly unreachable = false) {
    super(problem.detail ?? problem.title)
  }
}

export const unreachable = () => new Failed({
  type: 'urn:venule:problem:unreachable', title: 'The server cannot be reached', status: 0,
  detail: 'Check the network; what you see may be out of date.',
}, true)

// Who wants to know that a request got through, or did not.
const watchers = new Set<(reached: boolean) => void>()
export function watchReach(tell: (reached: boolean) => void): () => void {
  watchers.add(tell)
  return () => watchers.delete(tell)
}

let csrf = ''
export function setCsrf(token: string): void { csrf = token }

async function request(path: string, init: RequestInit): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init })
  } catch (e) {
    if ((e as Error).name === 'AbortError') throw e
    watchers.forEach((w) => w(false))
    throw unreachable()
  }
  watchers.forEach((w) => w(true))
  if (answer.ok) return answer
  let problem: Problem
  try {
    problem = await answer.json() as Problem
  } catch {
    problem = { type: 'about:blank', title: `The server answered ${answer.status}`, status: answer.status }
  }
  throw new Failed(problem)
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<{ answer: T; seq: number }> {
  const r = await request(path, { signal })
  return { answer: await r.json() as T, seq: Number(r.headers.get('X-Ledger-Seq') ?? 0) }
}

export async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  const r = await request(path, {
    method: 'POST', body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...(csrf ? { 'X-CSRF-Token': csrf } : {}), ...headers },
  })
  return (r.status === 204 ? undefined : await r.json()) as T
}

// A key of our own for one command; crypto.randomUUID is missing on plain-http addresses.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return 'web-' + Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}
