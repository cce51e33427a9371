// Reading a view. What is shown stays on screen while it is fetched again, and while the server is away.
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { Views } from '../api'
import { careNow, careSpeed } from '../shell/clock'
import { get, type Failed } from './http'

/** One answer: what, at which ledger number, and at which care time it was fetched (ms). */
export interface Shown<T> { answer: T; seq: number; at: number }

type Params<K extends keyof Views> = Views[K]['params']
type Options<K extends keyof Views> = {
  /** The patient it is about: then only their changes make it fetch again. */
  about?: (answer: Views[K]['answer']) => string | undefined
  enabled?: boolean
  /** Fetch again after so many seconds of care time, because what is due changes with time alone; 60 if left out. */
  everyCareSeconds?: number
}

function address(name: string, params: object): string {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(params)) if (v !== undefined && v !== '') q.set(k, String(v))
  const text = q.toString()
  return `/api/view/${name}${text ? '?' + text : ''}`
}

export function useView<K extends keyof Views>(name: K, params: Params<K>, options: Options<K> = {}): UseQueryResult<Shown<Views[K]['answer']>, Failed> {
  const every = (options.everyCareSeconds ?? 60) * 1000
  return useQuery<Shown<Views[K]['answer']>, Failed>({
    queryKey: ['view', name, params],
    queryFn: async ({ signal }) => {
      const { answer, seq } = await get<Views[K]['answer']>(address(name, params), signal)
      return { answer, seq, at: careNow() }
    },
    meta: { about: options.about },
    enabled: options.enabled ?? true,
    refetchInterval: Math.min(Math.max(every / careSpeed(), 3000), 60_000),
    placeholderData: undefined,
  })
}
