import { json, jsonLanguage } from '@codemirror/lang-json'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, linter, lintGutter, setDiagnostics } from '@codemirror/lint'
import { tags } from '@lezer/highlight'
import { basicSetup, EditorView } from 'codemirror'
import { useEffect, useImperativeHandle, useRef } from 'react'
import type { PlacedFinding } from '../contract.ts'
import { completeProfile } from './completion.ts'
import type { Findings } from './use-draft.ts'

export type EditorHandle = { goTo(offset: number, focus: boolean): void }

const highlight = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent-text)' },
  { tag: tags.string, color: 'var(--green)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--violet)' },
  { tag: [tags.punctuation, tags.bracket, tags.separator], color: 'var(--muted)' },
])

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '0.8125rem', backgroundColor: 'var(--page)', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--ground)', color: 'var(--muted)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in oklab, var(--text) 5%, transparent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in oklab, var(--accent) 28%, transparent) !important',
  },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--edge)', borderRadius: '6px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--chosen)', color: 'var(--text)' },
  '.cm-panels': { backgroundColor: 'var(--ground)', color: 'var(--text)' },
  '.cm-matchingBracket': { backgroundColor: 'color-mix(in oklab, var(--accent) 22%, transparent) !important' },
})

/** Where a finding is drawn: from its place to the end of its line. */
function diagnosticsOf(view: EditorView, { errors, warnings }: Findings): Diagnostic[] {
  const draw = (severity: 'error' | 'warning') => (finding: PlacedFinding) => {
    const from = Math.min(finding.place?.offset ?? 0, view.state.doc.length)
    return { from, to: Math.max(from, view.state.doc.lineAt(from).to), severity, message: finding.message }
  }
  return [...errors.map(draw('error')), ...warnings.map(draw('warning'))]
}

type JsonEditorProps = {
  text: string
  findings: Findings
  label: string
  readOnly: boolean
  onChange: (text: string) => void
  handle: React.Ref<EditorHandle>
}

/** A profile as JSON; each problem is marked at its line. What other views change is changed here too, and only that. */
export default function JsonEditor({ text, findings, label, readOnly, onChange, handle }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef({ onChange, text })
  latest.current = { onChange, text }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor keeps its own text once it is made
  useEffect(() => {
    const editor = new EditorView({
      doc: text,
      parent: place.current!,
      extensions: [
        basicSetup,
        json(),
        jsonLanguage.data.of({ autocomplete: completeProfile }),
        lintGutter(),
        linter(null),
        syntaxHighlighting(highlight),
        look,
        EditorView.lineWrapping,
        EditorView.editable.of(!readOnly),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return
          const now = update.state.doc.toString()
          if (now !== latest.current.text) latest.current.onChange(now)
        }),
      ],
    })
    view.current = editor
    return () => editor.destroy()
  }, [])

  useEffect(() => {
    const editor = view.current!
    const changes = difference(editor.state.doc.toString(), text)
    if (changes) editor.dispatch({ changes })
    editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor, findings)))
  }, [text, findings])

  useImperativeHandle(handle, () => ({
    goTo(offset, focus) {
      const at = Math.min(offset, view.current!.state.doc.length)
      view.current!.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
      if (focus) view.current!.focus()
    },
  }))
  return <div ref={place} dir="ltr" style={{ height: '100%' }} />
}

/** The one stretch in which two texts differ. */
function difference(before: string, after: string) {
  if (before === after) return null
  let from = 0
  while (from < before.length && before[from] === after[from]) from++
  let [to, end] = [before.length, after.length]
  while (to > from && end > from && before[to - 1] === after[end - 1]) {
    to--
    end--
  }
  return { from, to, insert: after.slice(from, end) }
}
