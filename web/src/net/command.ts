// Sending one command. The key makes it safe to send again: the same key has one effect.
import type { Accepted, Commands, Said } from '../api'
import { newKey, post } from './http'

export interface Sending<K extends keyof Commands = keyof Commands> {
  command: K
  input: Commands[K]
  said?: Said
  key: string
}

export function prepare<K extends keyof Commands>(command: K, input: Commands[K], said?: Said): Sending<K> {
  return { command, input, said, key: newKey() }
}

export function send(s: Sending): Promise<Accepted> {
  return post<Accepted>(`/api/command/${s.command}`, { input: s.input, ...s.said }, { 'Idempotency-Key': s.key })
}
