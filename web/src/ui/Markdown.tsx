// A little Markdown as React elements: headings, paragraphs, lists, bold, italic. No HTML passes, no links are made;
// whatever is not understood stays text.
import type { ReactNode } from 'react'

function inline(text: string): ReactNode[] {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*)/).map((part, i) =>
    part.startsWith('**') && part.length > 4 ? <strong key={i}>{part.slice(2, -2)}</strong>
      : part.startsWith('*') && part.length > 2 ? <em key={i}>{part.slice(1, -1)}</em> : part)
}

/** `top`: the level its "#" gets on this page. */
export function Markdown({ text, top = 3 }: { text: string; top?: 2 | 3 | 4 }) {
  const blocks = text.replace(/\r/g, '').split(/\n{2,}/).map((b) => b.trim()).filter(Boolean)
  return (
    <div className="markdown">
      {blocks.map((b, i) => {
        const head = b.match(/^(#{1,4})\s+(.*)$/)
        if (head) {
          const H = `h${Math.min(6, top + head[1].length - 1)}` as 'h3'
          return <H key={i}>{inline(head[2])}</H>
        }
        const lines = b.split('\n')
        if (lines.every((l) => /^\s*[-*]\s+/.test(l))) return <ul key={i}>{lines.map((l, k) => <li key={k}>{inline(l.replace(/^\s*[-*]\s+/, ''))}</li>)}</ul>
        return <p key={i}>{lines.map((l, k) => <span key={k}>{k > 0 && <br />}{inline(l)}</span>)}</p>
      })}
    </div>
  )
}
