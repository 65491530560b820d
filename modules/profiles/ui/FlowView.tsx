import { Button, SegmentedControl } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { Waiting } from '../../../platform/react/page.tsx'
import { compileProfile, type TaskerProfile } from '../contract.ts'
import { FlowPanel } from './FlowPanel.tsx'
import { FlowTable } from './FlowTable.tsx'
import { flowMarks, type Selection } from './findings.ts'
import css from './profile.module.css'
import { addState, freshName, removeState, setMove } from './profile-edits.ts'
import { text } from './text.ts'
import type { Draft } from './use-draft.ts'

const FlowGraph = lazy(() => import('./FlowGraph.tsx'))

type FlowViewProps = {
  document: TaskerProfile
  draft: Draft
  mayEdit: boolean
  selection: Selection
  onSelect: (selection: Selection) => void
  /** The JSON, when it stands beside the picture in place of the details. */
  json: ReactNode
}

/** The states and the ways between them as a picture or a table, with the chosen one's details beside it. */
export function FlowView({ document, draft, mayEdit, selection: wanted, onSelect, json }: FlowViewProps) {
  const [shape, setShape] = useState('picture')
  const isPhone = useMediaQuery('(width <= 48em)') ?? false
  const isStacked = useMediaQuery('(width <= 64em)') ?? false
  const details = useRef<HTMLElement>(null)
  // Where the details stand under the picture, choosing something there leads to them.
  useEffect(() => {
    if (isStacked && wanted) details.current?.scrollIntoView({ block: 'start' })
  }, [isStacked, wanted])
  const profile = useMemo(() => compileProfile(document), [document])
  const marks = useMemo(() => flowMarks(draft.findings, document), [draft.findings, document])
  const selection = useMemo(() => existing(wanted, document), [wanted, document])
  const name = (index: number) => document.statusFlow[index]!.status

  const add = () => {
    const after = selection?.kind === 'state' ? selection.index : document.statusFlow.findIndex((state) => state.isInitial)
    const fresh = freshName(document, text.graph.newState)
    draft.edit(addState(fresh, after < 0 ? undefined : after))
    const end = document.statusFlow.findIndex((state, n) => state.isTerminal && n > after)
    onSelect({ kind: 'state', index: end < 0 ? document.statusFlow.length : end })
  }
  const remove = (place: NonNullable<Selection>) => {
    if (place.kind === 'move') draft.edit(setMove(name(place.from), name(place.to), false))
    else if (document.statusFlow.length > 1) draft.edit(removeState(place.index))
    onSelect(null)
  }
  const connect = (from: number, to: number) => {
    draft.edit(setMove(name(from), name(to), true))
    onSelect({ kind: 'move', from, to })
  }
  const isDrawn = mayEdit && !isPhone
  return (
    <div className={css.layout}>
      <section aria-label={text.flow} className={css.stage}>
        <div className={css.stageBar}>
          <SegmentedControl
            size="xs"
            aria-label={text.flow}
            value={shape}
            onChange={setShape}
            data={[
              { value: 'picture', label: text.picture },
              { value: 'table', label: text.table },
            ]}
          />
          {mayEdit && (
            <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
              {text.graph.add}
            </Button>
          )}
          {shape === 'picture' && isDrawn && (
            <span data-muted className={css.hint}>
              {text.graph.hint}
            </span>
          )}
        </div>
        {shape === 'table' ? (
          <FlowTable profile={profile} marks={marks} onSelect={(index) => onSelect({ kind: 'state', index })} />
        ) : (
          <div className={css.canvas}>
            <Suspense fallback={<Waiting lines={6} />}>
              <FlowGraph
                profile={profile}
                selection={selection}
                onSelect={onSelect}
                marks={marks}
                {...(isDrawn && { onConnect: connect, onDelete: remove })}
              />
            </Suspense>
          </div>
        )}
      </section>
      <aside ref={details} className={css.beside} aria-label={json ? text.editor : text.besideDetails}>
        {json ?? (
          <FlowPanel
            profile={profile}
            draft={draft}
            mayEdit={mayEdit}
            selection={selection}
            onSelect={onSelect}
            onRemove={remove}
            marks={marks}
          />
        )}
      </aside>
    </div>
  )
}

/** What was selected may be gone after a step back. */
function existing(selection: Selection, { statusFlow }: TaskerProfile): Selection {
  const has = (index: number) => index < statusFlow.length
  if (!selection) return null
  return (selection.kind === 'state' ? has(selection.index) : has(selection.from) && has(selection.to)) ? selection : null
}
