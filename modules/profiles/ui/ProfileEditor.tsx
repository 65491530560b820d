import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useMemo, useRef, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { Notice, Page, Waiting } from '../../../platform/react/page.tsx'
import { useKept } from '../../../platform/react/preferences.ts'
import { useMe, useRead } from '../../../platform/react.tsx'
import type { PlacedFinding } from '../contract.ts'
import { documentOf, print } from './document.ts'
import { FindingList } from './FindingList.tsx'
import { FlowView } from './FlowView.tsx'
import { homeOf, rowId, type Selection } from './findings.ts'
import type { EditorHandle } from './JsonEditor.tsx'
import { LeaveGuard } from './LeaveGuard.tsx'
import css from './profile.module.css'
import { SaveDialog } from './SaveDialog.tsx'
import type { TrialParts } from './SimulateView.tsx'
import { Toolbar, type View, views } from './Toolbar.tsx'
import { text } from './text.ts'
import { useDraft } from './use-draft.ts'
import { useEditorKeys } from './use-editor-keys.ts'

const JsonEditor = lazy(() => import('./JsonEditor.tsx'))
const FieldsView = lazy(() => import('./FieldsView.tsx'))
const CompareView = lazy(() => import('./CompareView.tsx'))
const ReplayView = lazy(() => import('./ReplayView.tsx'))
const SimulateView = lazy(() => import('./SimulateView.tsx'))
const TargetsView = lazy(() => import('./TargetsView.tsx'))

type ProfileEditorProps = {
  profile: Output<'profiles.get'>
  mayManage: boolean
  migration: ReactNode
  trial: TrialParts
  onReload: () => void
}

/** One profile in several views – picture, tables, JSON – that all change the same draft. */
export function ProfileEditor({ profile, mayManage, migration, trial, onReload }: ProfileEditorProps) {
  const search = useSearch({ from: '/shell/profiles/$id' })
  const navigate = useNavigate()
  const priorities = usePriorities()
  const draft = useDraft(
    useMemo(() => print(documentOf(profile)), [profile]),
    priorities,
  )
  const [version, setVersion] = useState(profile.version)
  const [isSaving, setIsSaving] = useState(false)
  const [selection, setSelection] = useState<Selection>(null)
  const [beside, keepBeside] = useKept('profile.beside', 'json')
  const isNarrow = useMediaQuery('(width <= 64em)') ?? false
  const editor = useRef<EditorHandle>(null)
  const { document } = draft
  const view = views.includes(search.view as View) ? (search.view as View) : 'flow'
  const mayEdit = mayManage && draft.isReadable
  const hasJson = view === 'json' || (!isNarrow && beside === 'json')

  const show = (next: View) =>
    navigate({ to: '.', search: (before) => ({ ...before, view: next === 'flow' ? undefined : next }), replace: true })
  const select = (next: Selection) => {
    setSelection(next)
    if (next && beside === 'json' && view === 'flow') keepBeside('details')
  }
  /** To the place of a finding: in the view where it is at home, and in the JSON where that is open. */
  const goTo = (finding: PlacedFinding) => {
    const home = homeOf(finding, document)
    if (home.view === 'json' || view === 'json') {
      if (!hasJson) show('json')
      // An editor that is only being opened takes the focus once it is there.
      setTimeout(() => editor.current?.goTo(finding.place?.offset ?? 0, true), hasJson ? 0 : 300)
      return
    }
    if (home.view !== view) show(home.view)
    if (home.view === 'flow') select(home.selection)
    else focusSoon(rowId(home))
    if (hasJson && finding.place) editor.current?.goTo(finding.place.offset, false)
  }
  const save = () => mayManage && draft.isChanged && draft.isValid && setIsSaving(true)
  useEditorKeys({ save, undo: draft.undo, redo: draft.redo })

  const json = (
    <div className={css.editor}>
      <Suspense fallback={<Waiting />}>
        <JsonEditor
          text={draft.text}
          findings={draft.findings}
          label={text.editor}
          readOnly={!mayManage}
          onChange={draft.type}
          handle={editor}
        />
      </Suspense>
    </div>
  )
  const shared = { document: document!, draft, mayEdit, priorities, json: hasJson ? json : null }
  return (
    <Page title={document?.name ?? profile.name} lead={document?.description} wide>
      {!mayManage && (
        <div className={css.notice}>
          <Notice>{text.readOnly}</Notice>
        </div>
      )}
      <div className={css.notice}>{migration}</div>
      <Toolbar
        view={view}
        onView={show}
        draft={draft}
        mayManage={mayManage}
        version={version}
        onSave={save}
        beside={isNarrow ? null : beside}
        onBeside={keepBeside}
      />
      {!draft.isReadable && view !== 'json' && (
        <div className={css.notice}>
          <Notice kind="warning" live>
            {text.unreadable}{' '}
            <Button size="compact-xs" variant="default" onClick={() => goTo(draft.findings.errors[0]!)}>
              {text.showProblem}
            </Button>
          </Notice>
        </div>
      )}
      <div id="profile-view" className={css.view} role="tabpanel" aria-label={text.views[view]}>
        {view === 'json' && json}
        <Suspense fallback={<Waiting lines={8} />}>
          {view === 'fields' && document && <FieldsView {...shared} />}
          {view === 'targets' && document && <TargetsView {...shared} />}
          {view === 'replay' && document && <ReplayView profileId={profile.id} document={document} />}
          {view === 'simulate' && document && <SimulateView document={document} priorities={priorities} {...trial} />}
          {view === 'compare' && document && <CompareView profileId={profile.id} {...{ document, draft, mayEdit }} />}
        </Suspense>
        {view === 'flow' && document && (
          <FlowView
            document={document}
            draft={draft}
            mayEdit={mayEdit}
            selection={selection}
            onSelect={select}
            json={hasJson ? json : null}
          />
        )}
      </div>
      <FindingList findings={draft.findings} onGo={goTo} />
      {isSaving && document && (
        <SaveDialog
          profileId={profile.id}
          version={version}
          before={draft.saved}
          after={draft.text}
          onSaved={(next, text) => {
            setVersion(next)
            draft.keep(text)
          }}
          onReload={onReload}
          onClose={() => setIsSaving(false)}
        />
      )}
      <LeaveGuard active={mayManage && draft.isChanged} />
    </Page>
  )
}

/** A view that is only being opened has its rows a moment later. */
function focusSoon(id: string, tries = 10) {
  const row = document.getElementById(id)
  if (row) {
    row.scrollIntoView({ block: 'center' })
    row.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true })
  } else if (tries > 0) setTimeout(() => focusSoon(id, tries - 1), 100)
}

/** The organization's own priorities, highest first. */
function usePriorities(): readonly string[] {
  const settings = useRead('settings.get', {}, { staleTime: 60_000 })
  const me = useMe()
  return useMemo(
    () => settings.data?.priorities.map(({ name }) => name) ?? me?.organization?.priorities ?? [],
    [settings.data, me?.organization?.priorities],
  )
}
