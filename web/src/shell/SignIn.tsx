// Signing in. In a demonstration every role is one tap away.
import { useEffect, useState, type FormEvent } from 'react'
import type { Demo, Me } from '../api'
import { Failed, get, post } from '../net/http'

const order = ['nurse', 'prescriber', 'pharmacist', 'technician', 'scheduler', 'biller', 'patient', 'formulary', 'administrator']
const PATIENTS_SHOWN = 8
const rank = (roles: string) => Math.min(...roles.split(' ').map((r) => order.indexOf(r)).filter((n) => n >= 0))

export function SignIn({ done }: { done: (me: Me) => void }) {
  const [demo, setDemo] = useState<Demo | null>(null)
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState('')

  useEffect(() => {
    const stop = new AbortController()
    get<Demo>('/api/demo', stop.signal).then(({ answer }) => setDemo(answer), () => undefined)
    return () => stop.abort()
  }, [])

  const enter = async (who: string, secret: string) => {
    setBusy(who)
    setWrong('')
    try {
      await post('/api/login', { login: who, password: secret })
      done((await get<Me>('/api/me')).answer)
    } catch (e) {
      setWrong(e instanceof Failed ? e.problem.detail ?? e.problem.title : 'This did not work; try again.')
      setBusy('')
    }
  }
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (login && password) void enter(login, password)
    else setWrong('Give your sign-in name and your password.')
  }
  const people = demo ? [...demo.people].sort((a, b) => rank(a.roles) - rank(b.roles)) : []
  const others = new Set(people.filter((p) => p.roles === 'patient').slice(PATIENTS_SHOWN))
  const card = (p: Demo['people'][number]) => (
    <button key={p.login} type="button" className="person" disabled={!!busy} onClick={() => void enter(p.login, demo!.password)}>
      <div className="who clip">{p.name}</div>
      <div className="quiet small clip">{busy === p.login ? 'signing in…' : p.roles.replace(' ', ', ')}</div>
    </button>
  )
  return (
    <main className="signin">
      <div className="signin-box">
        <h1>{demo?.site ?? 'venule'}</h1>
        <p className="quiet">Infusions from the plan to the claim.{demo && ' Everything here is invented: a demonstration, not a medical device.'}</p>
        <form onSubmit={submit} className="form-grid" style={{ marginTop: 18 }} aria-label="Sign in">
          <div className="field">
            <label htmlFor="login">Sign-in name</label>
            <input id="login" className="input" autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus={!demo}
              value={login} onChange={(e) => setLogin(e.target.value)} />
          </div>
          <div className="field">
            <label htmlFor="password">Password</label>
            <input id="password" className="input" type="password" autoComplete="current-password"
              value={password} onChange={(e) => setPassword(e.target.value)} aria-invalid={!!wrong} aria-describedby="wrong" />
            <div id="wrong" role="alert">{wrong && <div className="wrong">{wrong}</div>}</div>
          </div>
          <div><button className="btn main" type="submit" disabled={!!busy}>Sign in</button></div>
        </form>
        {demo && <section style={{ marginTop: 26 }} aria-label="Demonstration users">
          <h2>Or walk in as</h2>
          <div className="people">
            {people.filter((p) => !others.has(p)).map(card)}
          </div>
          {others.size > 0 && <details style={{ marginTop: 8 }}><summary className="small">{others.size} more patients</summary><div className="people" style={{ marginTop: 8 }}>{[...others].map(card)}</div></details>}
        </section>}
      </div>
    </main>
  )
}
