import { ActionIcon, Button, SegmentedControl, Tabs, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import css from './profile.module.css'
import { text } from './text.ts'
import type { Draft } from './use-draft.ts'

export const views = ['flow', 'fields', 'targets', 'json', 'compare', 'simulate', 'replay'] as const
export type View = (typeof views)[number]

type ToolbarProps = {
  view: View
  onView: (view: View) => void
  draft: Draft
  mayManage: boolean
  version: number
  onSave: () => void
  /** What stands beside the picture and the tables; null where there is no room. */
  beside: string | null
  onBeside: (beside: string) => void
}

/** Views on the left; what can be done with the draft on the right. */
export function Toolbar({ view, onView, draft, mayManage, version, onSave, beside, onBeside }: ToolbarProps) {
  const tabs = useRef<HTMLDivElement>(null)
  // On a telephone the row of tabs scrolls; the open one is always seen.
  useEffect(() => {
    tabs.current?.querySelector(`[data-view="${view}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [view])
  const hasBeside = beside !== null && ['flow', 'fields', 'targets'].includes(view)
  return (
    <div className={css.toolbar}>
      <Tabs
        ref={tabs}
        activateTabWithKeyboard={false}
        value={view}
        onChange={(next) => next && onView(next as View)}
        className={css.tabs}
      >
        <Tabs.List aria-label={text.viewsLabel}>
          {views.map((each) => (
            <Tabs.Tab key={each} value={each} data-view={each} aria-controls={each === view ? 'profile-view' : undefined}>
              {text.views[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <div className={css.tools}>
        {hasBeside && (
          <SegmentedControl
            size="xs"
            aria-label={text.beside}
            value={beside}
            onChange={onBeside}
            data={[
              { value: 'details', label: view === 'flow' ? text.besideDetails : text.besideNothing },
              { value: 'json', label: view === 'flow' ? text.besideJson : text.besideWith },
            ]}
          />
        )}
        {mayManage && (
          <>
            <Tooltip label={text.undo}>
              <ActionIcon
                aria-label={text.undo}
                aria-keyshortcuts="Control+Z"
                size="lg"
                onClick={draft.undo}
                disabled={!draft.canUndo}
              >
                <IconArrowBackUp size={18} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={text.redo}>
              <ActionIcon
                aria-label={text.redo}
                aria-keyshortcuts="Control+Shift+Z"
                size="lg"
                onClick={draft.redo}
                disabled={!draft.canRedo}
              >
                <IconArrowForwardUp size={18} />
              </ActionIcon>
            </Tooltip>
          </>
        )}
        <span className={css.state} data-muted>
          {text.version({ version })}
          {mayManage && ` · ${draft.isChanged ? text.changed : text.unchanged}`}
        </span>
        {mayManage && (
          <Button onClick={onSave} disabled={!draft.isChanged || !draft.isValid} aria-keyshortcuts="Control+S Control+Enter">
            {text.save}
          </Button>
        )}
      </div>
    </div>
  )
}
