// One field of a form: label, value as typed, unit, hint, and what is wrong with it.
import { useId } from 'react'
import type { FormField } from 'venule:forms'
import { unitText } from './format'

const CHOICES_MAX = 8

/** "systolic, 40 to 280" → label "Systolic", hint "40 to 280". */
export function words(f: FormField): { label: string; hint: string } {
  const m = f.says.match(/^([^,;(:]+?)\s*(?:[,;:]\s*|(?=\())(.*)$/s)
  const label = (m?.[1] ?? f.says) || f.name.replaceAll('_', ' ')
  return { label: label[0].toUpperCase() + label.slice(1), hint: m?.[2] ?? '' }
}

export function Field({ field: f, label, value, wrong, first, set }: {
  field: FormField
  label?: string
  value: string
  wrong?: string
  first?: boolean
  set: (v: string) => void
}) {
  const id = useId()
  const w = words(f)
  const bits = { id, name: f.name, 'aria-invalid': !!wrong, 'aria-describedby': `${id}-says`, ...(first ? { 'data-autofocus': true } : {}) }
  const choices = f.kind === 'yes' ? ['yes', 'no'] : f.kind === 'code' ? f.words ?? [] : []
  const unit = f.kind === 'quantity' || f.kind === 'number' || f.kind === 'whole' ? unitText(f.unit) : ''
  return (
    <div className="field">
      {choices.length && choices.length <= CHOICES_MAX ? (
        <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
          <legend className="label">{label ?? w.label}{!f.must && <span className="faint"> (may be left out)</span>}</legend>
          <div className="choices">
            {choices.map((c, i) => (
              <button key={c} type="button" name={f.name} className={`btn ${value === c ? 'chosen' : ''}`} aria-pressed={value === c} onClick={() => set(value === c && !f.must ? '' : c)}
                {...(first && i === 0 ? { 'data-autofocus': true } : {})}>{c}</button>
            ))}
          </div>
        </fieldset>
      ) : (
        <>
          <label htmlFor={id}>{label ?? w.label}{!f.must && <span className="faint"> (may be left out)</span>}</label>
          {choices.length ? (
            <select {...bits} className="input" value={value} onChange={(e) => set(e.target.value)}><option value="" />{choices.map((c) => <option key={c}>{c}</option>)}</select>
          ) : f.kind === 'long' || f.kind === 'json' ? (
            <textarea {...bits} className="input" rows={4} value={value} onChange={(e) => set(e.target.value)} />
          ) : (
            <div className="input-unit">
              <input {...bits} className="input" value={value} onChange={(e) => set(e.target.value)} autoComplete="off" maxLength={f.max}
                type={f.kind === 'date' ? 'date' : f.kind === 'time' ? 'datetime-local' : 'text'}
                inputMode={f.kind === 'whole' ? 'numeric' : f.kind === 'number' || f.kind === 'quantity' ? 'decimal' : undefined}
                style={unit ? { maxWidth: 150 } : undefined} />
              {unit && <span className="quiet">{unit}</span>}
            </div>
          )}
        </>
      )}
      <div id={`${id}-says`}>{wrong ? <div className="wrong" role="alert">{wrong}</div> : w.hint && <div className="hint">{w.hint}</div>}</div>
    </div>
  )
}
