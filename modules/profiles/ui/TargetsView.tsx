import { ActionIcon } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { PriorityMark } from '../../../platform/react/marks.tsx'
import { DataTable } from '../../../platform/react/page.tsx'
import { priorityKey, type SlaDefault, priorities as standardPriorities, type TaskerProfile } from '../contract.ts'
import { DraftInput } from './DraftInput.tsx'
import { readDuration, writeDuration } from './durations.ts'
import { Marks } from './FlowPanel.tsx'
import { homeOf, type Mark, rowId } from './findings.ts'
import css from './profile.module.css'
import { removeTargets, setTarget } from './profile-edits.ts'
import rules from './rules.module.css'
import { text } from './text.ts'
import type { Draft } from './use-draft.ts'

const words = text.sla

type TargetsViewProps = {
  document: TaskerProfile
  draft: Draft
  mayEdit: boolean
  priorities: readonly string[]
  json: ReactNode
}

/** A row per priority of the organization; what the profile has beside them stands below. */
export default function TargetsView({ document, draft, mayEdit, priorities, json }: TargetsViewProps) {
  const names = priorities.length > 0 ? priorities : standardPriorities
  const rows = document.slaDefaults ?? []
  const rowOf = (name: string) => rows.findIndex((row) => priorityKey(row.priority) === priorityKey(name))
  const others = rows.filter((row) => !names.some((name) => priorityKey(name) === priorityKey(row.priority)))
  const marksOf = (index: number) => (index < 0 ? [] : rowMarks(draft, document, index))
  const remove = (priority: string) => draft.edit(removeTargets(priority))

  const row = (name: string, target: SlaDefault | undefined, isKnown: boolean) => (
    <tr key={name} id={target && rowId({ view: 'targets', row: rows.indexOf(target) })}>
      <td>
        <PriorityMark priority={name} />
        {!isKnown && (
          <p className={css.mark} data-kind="error">
            {words.unknown}
          </p>
        )}
        {!target && (
          <p className={css.mark} data-kind="warning">
            {words.noTarget}
          </p>
        )}
        <Marks marks={isKnown ? marksOf(rowOf(name)) : []} />
      </td>
      {(['responseMinutes', 'resolutionMinutes'] as const).map((kind) => (
        <td key={kind}>
          <DurationInput
            label={words.field({ kind: kind === 'responseMinutes' ? words.response : words.resolution, priority: name })}
            minutes={target?.[kind]}
            mayEdit={mayEdit}
            onCommit={(minutes) => draft.edit(setTarget(target?.priority ?? name, kind, minutes, names))}
          />
        </td>
      ))}
      <td>
        {mayEdit && target && (
          <ActionIcon aria-label={words.remove({ priority: name })} onClick={() => remove(target.priority)}>
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </td>
    </tr>
  )
  return (
    <div className={json ? css.layout : undefined}>
      <section aria-label={text.views.targets} className={css.stage}>
        <p className={css.lead} data-muted>
          {words.lead}
        </p>
        <div className={rules.targets}>
          <DataTable label={text.views.targets} head={[...Object.values(words.head), '']}>
            {names.map((name) => row(name, rows[rowOf(name)], true))}
            {others.map((target) => row(target.priority, target, false))}
          </DataTable>
        </div>
      </section>
      {json && <aside className={css.beside}>{json}</aside>}
    </div>
  )
}

function rowMarks({ findings }: Draft, document: TaskerProfile, row: number): Mark[] {
  const here = (kind: Mark['kind']) =>
    findings[`${kind}s`].flatMap((finding) => {
      const home = homeOf(finding, document)
      return home.view === 'targets' && home.row === row ? [{ kind, message: finding.message }] : []
    })
  return [...here('error'), ...here('warning')]
}

type DurationInputProps = {
  label: string
  minutes: number | undefined
  mayEdit: boolean
  onCommit: (minutes: number | undefined) => void
}

/** A time as people write it, and what it comes to in minutes. */
function DurationInput({ label, minutes, mayEdit, onCommit }: DurationInputProps) {
  return (
    <div className={rules.duration}>
      <DraftInput
        size="xs"
        aria-label={label}
        placeholder={words.none}
        value={minutes === undefined ? '' : Number.isInteger(minutes) && minutes > 0 ? writeDuration(minutes) : String(minutes)}
        judge={(typed) => (readDuration(typed) === null ? words.wrong : undefined)}
        onCommit={(typed) => onCommit(readDuration(typed) ?? undefined)}
        readOnly={!mayEdit}
      />
      <span className={css.small} data-muted data-figures>
        {minutes === undefined ? '' : words.minutes({ count: minutes })}
      </span>
    </div>
  )
}
