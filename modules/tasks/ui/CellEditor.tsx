import { Button, Combobox, Popover, ScrollArea, TextInput, useCombobox } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { type Category, PriorityMark, StateMark, stateName, usePriorityName } from '../../../platform/react/marks.tsx'
import { messageOf } from '../../../platform/react/page.tsx'
import { fromLocalInput, toLocalInput } from '../../../platform/react/words.ts'
import { useMe, useRead } from '../../../platform/react.tsx'
import type { TaskRow } from '../contract.ts'
import { BoardMove } from './BoardMove.tsx'
import css from './list.module.css'
import type { Directory } from './names.ts'
import { text } from './text.ts'
import type { Drop } from './use-board-drag.ts'
import type { RowEdit } from './use-row-edit.ts'

const words = text.list.edit

/** What can be changed in a row, and the menu that offers it. */
export type CellField = 'title' | 'status' | 'priority' | 'assignee' | 'team' | 'due' | 'menu'

type CellEditorProps = {
  row: TaskRow
  field: CellField
  /** Where the cell is on screen. */
  at: { x: number; y: number; width: number; height: number }
  edit: RowEdit
  directory: Directory
  menu: readonly { value: string; label: string; keys?: string; run: () => void }[]
  onClose: () => void
}

/** Changes one field of a row in its place, over the row. Escape leaves it as it was. */
export default function CellEditor({ row, field, at, edit, directory, menu, onClose }: CellEditorProps) {
  const [drop, setDrop] = useState<Drop | null>(null)
  if (drop) return <BoardMove drop={drop} directory={directory} onClose={onClose} />
  const label = field === 'menu' ? words.menu({ key: row.key }) : words.label({ field: text.list.columns[field], key: row.key })
  return (
    <Popover
      opened
      onDismiss={onClose}
      position="bottom-start"
      offset={2}
      trapFocus
      returnFocus={false}
      withRoles={false}
      shadow="md"
    >
      <Popover.Target>
        <span style={{ position: 'fixed', left: at.x, top: at.y, width: at.width, height: at.height, pointerEvents: 'none' }} />
      </Popover.Target>
      <Popover.Dropdown p={6} role="dialog" aria-label={label}>
        <Body
          row={row}
          field={field}
          at={at}
          edit={edit}
          directory={directory}
          menu={menu}
          onClose={onClose}
          label={label}
          onMove={setDrop}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

type BodyProps = CellEditorProps & { label: string; onMove: (drop: Drop) => void }

function Body({ row, field, at, edit, directory, menu, onClose, label, onMove }: BodyProps) {
  const me = useMe()
  const priorityName = usePriorityName()
  const { names } = directory
  const person = (email: string | null) => (email ? names.person(email) : text.list.unassigned)
  switch (field) {
    case 'status':
      return <StatePicker row={row} label={label} onMove={onMove} onClose={onClose} />
    case 'assignee': {
      const others = directory.people.filter(({ email }) => email !== me?.email)
      return (
        <Picker
          label={label}
          value={row.assignedToEmail ?? ''}
          options={[
            ...(me ? [{ value: me.email, label: `${me.name} (${text.filters.me})` }] : []),
            { value: '', label: text.list.unassigned },
            ...others.map(({ email, name }) => ({ value: email, label: name || email, more: email })),
          ]}
          onPick={(email) => {
            onClose()
            edit.save(
              row,
              { assignedToEmail: email || null, assignedToName: null },
              words.assigned({ key: row.key, who: person(email || null) }),
              {
                assignedToEmail: row.assignedToEmail,
                assignedToName: row.assignedToName,
              },
            )
          }}
        />
      )
    }
    case 'team':
      return (
        <Picker
          label={label}
          value={row.teamId ?? ''}
          options={[{ value: '', label: words.noTeam }, ...directory.teams.map(({ id, name }) => ({ value: id, label: name }))]}
          onPick={(team) => {
            onClose()
            edit.save(row, { teamId: team || null }, words.toTeam({ key: row.key, team: team || words.noTeam }), {
              teamId: row.teamId,
            })
          }}
        />
      )
    case 'priority':
      return (
        <Picker
          label={label}
          value={row.priority}
          options={directory.priorities.map((name) => ({
            value: name,
            label: priorityName(name),
            shown: <PriorityMark priority={name} />,
          }))}
          onPick={(priority) => {
            onClose()
            edit.save(row, { priority }, words.prioritised({ key: row.key, priority: priorityName(priority) }), {
              priority: row.priority,
            })
          }}
        />
      )
    case 'menu':
      return (
        <Picker
          label={label}
          value=""
          options={menu.map(({ value, label: name, keys }) => ({ value, label: name, more: keys }))}
          onPick={(value) => {
            onClose()
            menu.find((each) => each.value === value)?.run()
          }}
        />
      )
    default:
      return <OneField row={row} field={field} width={at.width} label={label} edit={edit} onClose={onClose} />
  }
}

type OneFieldProps = { row: TaskRow; field: 'title' | 'due'; width: number; label: string; edit: RowEdit; onClose: () => void }

/** A title or a due date: written, then saved with Enter. */
function OneField({ row, field, width, label, edit, onClose }: OneFieldProps) {
  const isTitle = field === 'title'
  const [draft, setDraft] = useState(isTitle ? row.title : row.dueDate ? toLocalInput(row.dueDate) : '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isTitle && draft.trim() === '') return
    onClose()
    if (isTitle && draft.trim() !== row.title) {
      edit.save(row, { title: draft.trim() }, words.renamed({ key: row.key }), { title: row.title })
    } else if (!isTitle && fromLocalInput(draft) !== row.dueDate) {
      edit.save(row, { dueDate: fromLocalInput(draft) }, words.dueSet({ key: row.key }), { dueDate: row.dueDate })
    }
  }
  return (
    <form onSubmit={submit} style={{ display: 'flex', gap: 6, alignItems: 'start' }}>
      <TextInput
        size="xs"
        aria-label={label}
        type={isTitle ? 'text' : 'datetime-local'}
        dir={isTitle ? 'auto' : undefined}
        w={isTitle ? `min(${Math.max(320, Math.round(width))}px, 80vw)` : 190}
        maxLength={isTitle ? 300 : undefined}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        error={isTitle && draft.trim() === '' ? words.titleNeeded : undefined}
        autoFocus
        data-autofocus
      />
      <Button type="submit" size="xs">
        {text.task.save}
      </Button>
      {!isTitle && draft !== '' && (
        <Button size="xs" variant="default" onClick={() => setDraft('')}>
          {words.clear}
        </Button>
      )}
    </form>
  )
}

/** The moves its process allows; one that needs fields asks for them. */
function StatePicker({
  row,
  label,
  onMove,
  onClose,
}: {
  row: TaskRow
  label: string
  onMove: (drop: Drop) => void
  onClose: () => void
}) {
  const process = useRead('tasks.describe-process', { taskId: row.id }, { staleTime: 0 })
  if (process.error) return <p className={css.pickerNote}>{messageOf(process.error)}</p>
  if (!process.data) return <p className={css.pickerNote}>{text.board.reading}</p>
  const { moves } = process.data
  if (moves.length === 0) return <p className={css.pickerNote}>{text.task.noMoves}</p>
  return (
    <Picker
      label={label}
      value={row.status}
      options={moves.map((move) => ({
        value: move.to,
        label: stateName(move.to),
        shown: (
          <>
            <StateMark status={move.to} category={move.category as Category} />
            {move.missingFields.length > 0 && '…'}
          </>
        ),
      }))}
      onPick={(to) => {
        const move = moves.find((each) => each.to === to)
        if (move) onMove({ row, moves: [move], process: process.data })
        else onClose()
      }}
    />
  )
}

type Option = { value: string; label: string; more?: string; shown?: ReactNode }

/** A field to narrow a list, and the list under it; arrows choose, Enter takes. */
function Picker({
  label,
  value,
  options,
  onPick,
}: {
  label: string
  value: string
  options: readonly Option[]
  onPick: (value: string) => void
}) {
  const [typed, setTyped] = useState('')
  const box = useCombobox({ opened: true })
  const wanted = typed.trim().toLowerCase()
  const shown = options.filter((each) => `${each.label} ${each.more ?? ''}`.toLowerCase().includes(wanted)).slice(0, 100)
  return (
    <Combobox store={box} onOptionSubmit={onPick} size="xs">
      <Combobox.EventsTarget>
        <TextInput
          size="xs"
          mb={4}
          w={240}
          aria-label={label}
          placeholder={text.filters.type}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            box.selectFirstOption()
          }}
          autoFocus
          data-autofocus
        />
      </Combobox.EventsTarget>
      <Combobox.Options labelledBy={undefined} aria-label={label}>
        <ScrollArea.Autosize mah={260} type="scroll">
          {shown.length === 0 && <Combobox.Empty>{words.nothing}</Combobox.Empty>}
          {shown.map((each) => (
            <Combobox.Option
              key={each.value}
              value={each.value}
              active={each.value === value}
              aria-selected={each.value === value}
            >
              <span className={css.option} dir="auto">
                {each.shown ?? each.label}
                {each.more && <span data-muted>{each.more}</span>}
              </span>
            </Combobox.Option>
          ))}
        </ScrollArea.Autosize>
      </Combobox.Options>
    </Combobox>
  )
}
