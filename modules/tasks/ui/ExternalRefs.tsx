import { ActionIcon, Button, Modal, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus, IconX } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { messageOf, ProblemNotice } from '../../../platform/react/page.tsx'
import type { Task } from '../contract.ts'
import css from './task.module.css'
import { text } from './text.ts'
import type { TaskEdit } from './use-task-edit.tsx'

const words = text.task.refs
type Ref = Task['externalRefs'][number]
type ExternalRefsProps = { task: Task; edit: TaskEdit; mayWrite: boolean }

/** What the task is called in other systems, with the way there. */
export function ExternalRefs({ task, edit, mayWrite }: ExternalRefsProps) {
  const [adding, setAdding] = useState(false)
  const remove = async (ref: Ref) => {
    try {
      await edit.save({ externalRefs: task.externalRefs.filter((each) => each !== ref) })
    } catch (error) {
      notifications.show({ color: 'red', message: messageOf(error) })
    }
  }
  return (
    <section className={css.sideSection} aria-label={words.title}>
      <div className={css.sideHead}>
        <h2>{words.title}</h2>
        {mayWrite && (
          <ActionIcon onClick={() => setAdding(true)} aria-label={words.add}>
            <IconPlus size={16} />
          </ActionIcon>
        )}
      </div>
      {task.externalRefs.length === 0 && (
        <p data-muted style={{ fontSize: '0.8125rem' }}>
          {words.none}
        </p>
      )}
      <ul className={css.linkList}>
        {task.externalRefs.map((ref) => (
          <li key={`${ref.system} ${ref.id}`} className={css.linkItem}>
            <span className={css.linkTitle} title={`${ref.system} ${ref.id}`}>
              <span data-muted>{ref.system}</span>
              {ref.url ? (
                <a href={ref.url} target="_blank" rel="noopener noreferrer">
                  {ref.id}
                </a>
              ) : (
                <span className={css.refId}>{ref.id}</span>
              )}
            </span>
            {mayWrite && (
              <ActionIcon onClick={() => remove(ref)} aria-label={words.remove({ system: ref.system, id: ref.id })}>
                <IconX size={14} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {adding && <AddRef task={task} edit={edit} onClose={() => setAdding(false)} />}
    </section>
  )
}

function AddRef({ task, edit, onClose }: { task: Task; edit: TaskEdit; onClose: () => void }) {
  const [draft, setDraft] = useState({ system: '', id: '', url: '' })
  const [problem, setProblem] = useState<unknown>(null)
  const { system, id, url } = { system: draft.system.trim(), id: draft.id.trim(), url: draft.url.trim() }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await edit.save({ externalRefs: [...task.externalRefs, { system, id, ...(url && { url }) }] })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  const field = (key: keyof typeof draft, label: string, most: number) => (
    <TextInput
      label={label}
      description={key === 'url' ? words.urlHelp : undefined}
      type={key === 'url' ? 'url' : 'text'}
      maxLength={most}
      value={draft[key]}
      data-autofocus={key === 'system' || undefined}
      onChange={(event) => {
        const { value } = event.currentTarget
        setDraft((before) => ({ ...before, [key]: value }))
      }}
    />
  )
  return (
    <Modal opened onClose={onClose} title={words.add}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <ProblemNotice error={problem} />
        {field('system', words.system, 60)}
        {field('id', words.id, 200)}
        {field('url', words.url, 2000)}
        <Button type="submit" disabled={system === '' || id === ''}>
          {words.add}
        </Button>
      </form>
    </Modal>
  )
}
