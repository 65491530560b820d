import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react'
import { DataTable, Empty } from '../../../platform/react/page.tsx'
import { type CompiledField, compileProfile, type TaskerProfile } from '../contract.ts'
import { CustomFieldDialog } from './CustomFieldDialog.tsx'
import { FieldRow } from './FieldRow.tsx'
import { homeOf, type Mark } from './findings.ts'
import css from './profile.module.css'
import { ruleKey } from './profile-edits.ts'
import rules from './rules.module.css'
import { text } from './text.ts'
import type { Draft } from './use-draft.ts'

const words = text.fields
const shows = ['all', 'visible', 'required', 'ruled'] as const

type FieldsViewProps = { document: TaskerProfile; draft: Draft; mayEdit: boolean; priorities: readonly string[]; json: ReactNode }

/** Every field a task can have under this profile, and what the profile says about it. */
export default function FieldsView({ document, draft, mayEdit, priorities, json }: FieldsViewProps) {
  const [filter, setFilter] = useState('')
  const [show, setShow] = useState<string>('all')
  const [editing, setEditing] = useState<number | 'new' | null>(null)
  const profile = useMemo(() => compileProfile(document), [document])
  const marks = useMemo(() => fieldMarks(draft, document), [draft, document])
  const hasRule = (field: CompiledField) => document.fieldRules?.[ruleKey(document, field.key)] !== undefined
  const fits = (field: CompiledField) =>
    `${field.label} ${field.key}`.toLowerCase().includes(filter.trim().toLowerCase()) &&
    (show === 'all' || (show === 'ruled' ? hasRule(field) : field[show as 'visible' | 'required']))
  const fields = profile.fields.filter(fits)
  const groups = [
    { name: words.custom, fields: fields.filter(({ custom }) => custom) },
    { name: words.builtIn, fields: fields.filter(({ custom }) => !custom) },
  ].filter((group) => group.fields.length > 0)

  return (
    <div className={json ? css.layout : undefined}>
      <section aria-label={text.views.fields} className={css.stage}>
        <div className={css.stageBar}>
          <TextInput
            size="xs"
            aria-label={words.filter}
            placeholder={words.filter}
            leftSection={<IconSearch size={14} />}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
          <SegmentedControl
            size="xs"
            aria-label={words.show}
            value={show}
            onChange={setShow}
            data={shows.map((value) => ({ value, label: words.shows[value] }))}
          />
          <span className={css.small} data-muted role="status">
            {fields.length === profile.fields.length
              ? words.all(fields.length)
              : words.some({ shown: fields.length, all: profile.fields.length })}
          </span>
          {mayEdit && (
            <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>
              {words.add}
            </Button>
          )}
        </div>
        {fields.length === 0 && (
          <Empty
            title={words.none}
            actions={
              <Button
                variant="default"
                onClick={() => {
                  setFilter('')
                  setShow('all')
                }}
              >
                {words.clear}
              </Button>
            }
          />
        )}
        {fields.length > 0 && (
          <div className={rules.fields} onKeyDownCapture={moveInColumn}>
            <DataTable label={text.views.fields} head={Object.values(words.head)}>
              {groups.flatMap((group) => [
                <tr key={group.name} className={rules.group}>
                  <th colSpan={Object.keys(words.head).length} scope="rowgroup">
                    {group.name}
                  </th>
                </tr>,
                ...group.fields.map((field) => (
                  <FieldRow
                    key={`${field.custom} ${field.key}`}
                    field={field}
                    priorities={priorities}
                    edit={draft.edit}
                    mayEdit={mayEdit}
                    marks={marks.get(field.custom ? `customFields.${field.key}` : field.key)}
                    onEdit={() => setEditing(document.customFields!.findIndex(({ key }) => key === field.key))}
                  />
                )),
              ])}
            </DataTable>
          </div>
        )}
      </section>
      {json && <aside className={css.beside}>{json}</aside>}
      {editing !== null && (
        <CustomFieldDialog
          document={document}
          index={editing === 'new' ? null : editing}
          edit={draft.edit}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  )
}

function fieldMarks({ findings }: Draft, document: TaskerProfile): Map<string, Mark[]> {
  const marks = new Map<string, Mark[]>()
  for (const kind of ['error', 'warning'] as const)
    for (const finding of findings[`${kind}s`]) {
      const home = homeOf(finding, document)
      if (home.view === 'fields') marks.set(home.field, [...(marks.get(home.field) ?? []), { kind, message: finding.message }])
    }
  return marks
}

/** Up and down go to the same cell of the row above and below. */
function moveInColumn(event: KeyboardEvent<HTMLElement>) {
  const target = event.target as HTMLElement
  if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || target.getAttribute('aria-expanded') === 'true') return
  const isCell = target.matches('input[type="checkbox"], [data-cell], input[data-default]')
  const cell = target.closest('td')
  if (!isCell || !cell) return
  let row = cell.parentElement as HTMLTableRowElement | null
  do row = (event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling) as HTMLTableRowElement | null
  while (row && !row.cells[cell.cellIndex]?.querySelector('input, button'))
  const next = row?.cells[cell.cellIndex]?.querySelector<HTMLElement>('input:not([type="hidden"]), button')
  if (!next) return
  event.preventDefault()
  event.stopPropagation()
  next.focus()
}
