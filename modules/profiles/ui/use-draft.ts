/** One profile under work: its text is the truth, every view reads it and changes it, and one history takes steps back. */
import { useCallback, useMemo, useRef, useState } from 'react'
import { spokenLanguage } from '../../../platform/react/i18n.ts'
import { type PlacedFinding, readJson, type TaskerProfile, taskerProfileSchema, validateProfileText } from '../contract.ts'
import { historyOf, redo, step, undo } from './history.ts'
import type { Edit } from './profile-edits.ts'

export type Findings = { errors: PlacedFinding[]; warnings: PlacedFinding[] }
export type Draft = ReturnType<typeof useDraft>

/** What a text says: its findings, and the document if its shape is right, even where its words do not fit together yet. */
export function readDraft(text: string, priorities: readonly string[]): Findings & { document: TaskerProfile | null } {
  const result = validateProfileText(text, { priorities, language: spokenLanguage })
  if (result.ok) return { errors: [], warnings: result.warnings, document: result.document }
  const reading = readJson(text)
  const isShaped = reading.ok && taskerProfileSchema.safeParse(reading.value).success
  return { errors: result.errors, warnings: result.warnings, document: isShaped ? (reading.value as TaskerProfile) : null }
}

export function useDraft(initial: string, priorities: readonly string[]) {
  const [saved, setSaved] = useState(initial)
  const [history, setHistory] = useState(() => historyOf(initial))
  const { text } = history
  const findings = useMemo(() => readDraft(text, priorities), [text, priorities])
  // While the text cannot be drawn, the views show what it said last.
  const shown = useRef(findings.document)
  if (findings.document) shown.current = findings.document
  return {
    text,
    saved,
    findings,
    /** What the views show; null only before there was anything to show. */
    document: shown.current,
    /** The views may change the text: it can be read. */
    isReadable: findings.document !== null,
    isValid: findings.errors.length === 0,
    isChanged: text !== saved,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    edit: useCallback(
      (edit: Edit, group?: string) => setHistory((before) => step(before, edit(before.text), Date.now(), group)),
      [],
    ),
    type: useCallback((next: string) => setHistory((before) => step(before, next, Date.now(), 'typing')), []),
    replace: useCallback((next: string) => setHistory((before) => step(before, next, Date.now())), []),
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
    keep: useCallback((text: string) => setSaved(text), []),
  }
}
