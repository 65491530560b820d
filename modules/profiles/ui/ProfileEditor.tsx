import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { type Output, ProblemResponse } from '../../../platform/client.ts'
import { Notice, Page, ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange, useMe } from '../../../platform/react.tsx'
import type { PlacedFinding } from '../contract.ts'
import { documentOf, print } from './document.ts'
import { Flow } from './Flow.tsx'
import { type EditorHandle, type Findings, JsonEditor, judge } from './JsonEditor.tsx'
import css from './profile.module.css'
import { Targets } from './Targets.tsx'
import { text } from './text.ts'
import { Versions } from './Versions.tsx'

type ProfileEditorProps = { profile: Output<'profiles.get'>; mayManage: boolean; migration: ReactNode; onReload: () => void }

/** A profile as JSON beside what it means: its flow, its targets, its versions, and the tasks that follow older ones. */
export function ProfileEditor({ profile, mayManage, migration, onReload }: ProfileEditorProps) {
  const change = useChange()
  const priorities = useMe()?.organization?.priorities ?? []
  const [saved, setSaved] = useState(() => print(documentOf(profile)))
  const [draft, setDraft] = useState(saved)
  const [findings, setFindings] = useState<Findings>(() => judge(saved, priorities))
  const [shown, setShown] = useState(() => documentOf(profile))
  const [version, setVersion] = useState(profile.version)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const editor = useRef<EditorHandle>(null)
  const isChanged = draft !== saved
  useEffect(() => {
    if (findings.document) setShown(findings.document)
  }, [findings])

  const save = async (basedOn: number) => {
    const now = judge(draft, priorities)
    setFindings(now)
    if (!now.document || busy) return
    setBusy(true)
    setProblem(null)
    try {
      const { version: _, ...document } = now.document
      const answer = await change('profiles.save', { ...document, id: profile.id, version: basedOn })
      setSaved(draft)
      setVersion(answer.version)
      notifications.show({ message: text.saved(answer.version) })
    } catch (error) {
      setProblem(error)
    }
    setBusy(false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || (event.key !== 'Enter' && event.key !== 's')) return
    event.preventDefault()
    if (isChanged) save(version)
  }
  const stale = problem instanceof ProblemResponse && problem.code === 'STALE' ? problem.body : null
  return (
    <Page title={profile.name} lead={shown.description} wide>
      {!mayManage && <Notice>{text.readOnly}</Notice>}
      <div className={css.layout}>
        <div onKeyDownCapture={onKeyDown}>
          <div className={css.sectionHead}>
            <h2>{text.editor}</h2>
            <span data-muted style={{ fontSize: '0.75rem' }}>
              {text.editorHelp}
            </span>
          </div>
          <ProblemNotice error={problem} />
          {stale && (
            <div className={css.bar} style={{ marginBottom: 10 }}>
              <Button onClick={() => save(stale.version ?? version)}>{text.stale}</Button>
              <Button variant="default" onClick={onReload}>
                {text.loadTheirs}
              </Button>
            </div>
          )}
          <div className={css.editor}>
            <JsonEditor
              initial={saved}
              label={text.editor}
              readOnly={!mayManage}
              priorities={priorities}
              onChange={setDraft}
              onFindings={setFindings}
              handle={editor}
            />
          </div>
          <FindingList findings={findings} onGo={(offset) => editor.current?.goTo(offset)} />
          {mayManage && (
            <div className={css.bar}>
              <Button
                onClick={() => save(version)}
                disabled={!isChanged || findings.errors.length > 0}
                loading={busy}
                aria-keyshortcuts="Control+S Control+Enter"
              >
                {text.save}
              </Button>
              <span data-muted>{isChanged ? text.changed : text.unchanged}</span>
            </div>
          )}
        </div>
        <div className={css.side}>
          {migration}
          <Flow document={shown} />
          <Targets document={shown} />
          <Versions
            profileId={profile.id}
            current={version}
            mayManage={mayManage}
            onLoad={(document) => editor.current?.replace(print(documentOf(document)))}
          />
        </div>
      </div>
    </Page>
  )
}

/** The problems in words with their lines; a press goes there. */
function FindingList({ findings, onGo }: { findings: Findings; onGo: (offset: number) => void }) {
  const { errors, warnings } = findings
  const row = (kind: 'error' | 'warning') => (finding: PlacedFinding) => (
    <li key={`${kind} ${finding.path} ${finding.code}`}>
      <button type="button" className={css.finding} data-kind={kind} onClick={() => finding.place && onGo(finding.place.offset)}>
        <strong>{finding.place ? text.line(finding.place.line) : '–'}</strong>
        <span>{finding.message}</span>
      </button>
    </li>
  )
  const summary =
    errors.length > 0 ? text.problems(errors.length) : warnings.length > 0 ? text.warnings(warnings.length) : text.fine
  return (
    <div>
      <p role="status" data-muted style={{ marginTop: 8, fontSize: '0.8125rem' }}>
        {summary}
      </p>
      {errors.length + warnings.length > 0 && (
        <ul className={css.findings}>
          {errors.map(row('error'))}
          {warnings.map(row('warning'))}
        </ul>
      )}
    </div>
  )
}
