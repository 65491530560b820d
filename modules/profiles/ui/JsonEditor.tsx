import { json, jsonLanguage } from '@codemirror/lang-json'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint'
import { tags } from '@lezer/highlight'
import { basicSetup, EditorView } from 'codemirror'
import { useEffect, useImperativeHandle, useRef } from 'react'
import { type PlacedFinding, type TaskerProfile, validateProfileText } from '../contract.ts'
import { completeProfile } from './completion.ts'

export type Findings = { errors: PlacedFinding[]; warnings: PlacedFinding[]; document: TaskerProfile | null }
export type EditorHandle = { goTo(offset: number): void; replace(text: string): void }

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

export function judge(text: string, priorities: readonly string[]): Findings {
  const result = validateProfileText(text, { priorities })
  return result.ok
    ? { errors: [], warnings: result.warnings, document: result.document }
    : { errors: result.errors, warnings: result.warnings, document: null }
}

type JsonEditorProps = {
  initial: string
  label: string
  readOnly: boolean
  priorities: readonly string[]
  onChange: (text: string) => void
  onFindings: (findings: Findings) => void
  handle: React.Ref<EditorHandle>
}

/** A profile as JSON, judged while it is written; each problem is marked at its line. */
export function JsonEditor({ initial, label, readOnly, priorities, onChange, onFindings, handle }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef({ onChange, onFindings, priorities })
  latest.current = { onChange, onFindings, priorities }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor keeps its own text once it is made
  useEffect(() => {
    const editor = new EditorView({
      doc: initial,
      parent: place.current!,
      extensions: [
        basicSetup,
        json(),
        jsonLanguage.data.of({ autocomplete: completeProfile }),
        lintGutter(),
        linter(
          (current) => {
            const findings = judge(current.state.doc.toString(), latest.current.priorities)
            latest.current.onFindings(findings)
            return diagnosticsOf(current, findings)
          },
          { delay: 250 },
        ),
        syntaxHighlighting(highlight),
        look,
        EditorView.lineWrapping,
        EditorView.editable.of(!readOnly),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString())
        }),
      ],
    })
    view.current = editor
    return () => editor.destroy()
  }, [])

  useImperativeHandle(handle, () => ({
    goTo(offset) {
      const at = Math.min(offset, view.current!.state.doc.length)
      view.current!.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
      view.current!.focus()
    },
    replace(text) {
      view.current!.dispatch({ changes: { from: 0, to: view.current!.state.doc.length, insert: text } })
    },
  }))
  return <div ref={place} style={{ height: '100%' }} />
}
