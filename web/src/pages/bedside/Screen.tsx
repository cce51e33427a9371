// The questions of one screen, as the content asks them. Keys: Y and N answer the next open question.
import { useState } from 'react'
import { useDoing } from '../../ui/Commands'
import { Dialog } from '../../ui/Dialog'
import type { Bedside } from './strip-model'

const scale = ['0', '1', '2', '3', '4']

export function ScreenDialog({ b, kind, close }: { b: Bedside; kind: string; close: () => void }) {
  const { run } = useDoing()
  const questions = b.screens.filter((q) => q.kind === kind)
  const [answers, setAnswers] = useState<Record<string, string>>({})
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const next = questions.find((q) => !answers[q.id])
  const answer = (id: string, a: string) => {
    setWrong('')
    setAnswers((all) => ({ ...all, [id]: a }))
  }
  const answerNext = (a: string) => { if (next && (next.answer === 'yes_no') === (a === 'yes' || a === 'no')) answer(next.id, a) }
  const submit = async () => {
    if (next) return setWrong(`Still open: ${next.text}`)
    if (busy) return
    setBusy(true)
    const o = await run('screen.record', { visit: b.visit!.id, kind, answers }, { done: 'Answers recorded.', own: true })
    setBusy(false)
    if (o.ok) close()
    else if (o.problem && !o.problem.refusals?.length && o.problem.status) setWrong(o.problem.detail ?? o.problem.title)
  }
  return (
    <Dialog title={questions[0]?.title ?? 'Screen'} close={close} size={680} keys={[
      { key: 'y', says: 'Yes to the next question', run: () => answerNext('yes') }, { key: 'n', says: 'No to the next question', run: () => answerNext('no') },
      ...scale.map((n) => ({ key: n, says: `${n} to the next question`, run: () => answerNext(n), quiet: true })),
      { key: 'Enter', says: 'Record', run: () => void submit() },
    ]}>
      <div className="questions">
        {questions.map((q) => (
          <div key={q.id} className="question" style={q === next ? { background: 'var(--accent-soft)', margin: '0 -8px', padding: '6px 8px' } : undefined}>
            <span>{q.text}</span>
            <span className="choices" role="group" aria-label={q.text}>
              {(q.answer === 'scale' ? scale : ['yes', 'no']).map((a) => <button key={a} type="button" className={`btn low ${answers[q.id] === a ? 'chosen' : ''}`} aria-pressed={answers[q.id] === a} onClick={() => answer(q.id, a)}>{a}</button>)}
            </span>
          </div>
        ))}
      </div>
      {wrong && <div className="field"><div className="wrong" role="alert">{wrong}</div></div>}
      <div className="form-foot">
        <span className="quiet small grow">Keys: <kbd>Y</kbd> <kbd>N</kbd> answer the marked question</span>
        <button type="button" className="btn" onClick={close}>Cancel</button><button type="button" className="btn main" disabled={busy} onClick={() => void submit()}>Record answers</button>
      </div>
    </Dialog>
  )
}
