import { ActionIcon, Button, Modal, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { StateShape } from '../../../platform/react/marks.tsx'
import { messageOf, ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import type { Task } from '../contract.ts'
import { TaskPicker } from './TaskPicker.tsx'
import css from './task.module.css'
import { text } from './text.ts'

const words = text.task
type LinkType = keyof typeof words.outward

/** Other tasks this one belongs with, and the security record it came from. */
export function Links({ task, mayWrite }: { task: Task; mayWrite: boolean }) {
  const [adding, setAdding] = useState(false)
  const change = useChange()
  const remove = async ({ type, direction, task: other }: Task['links'][number]) => {
    const [taskId, targetId] = direction === 'outward' ? [task.id, other.id] : [other.id, task.id]
    try {
      await change('tasks.unlink', { taskId, type, targetId })
    } catch (error) {
      notifications.show({ color: 'red', message: messageOf(error) })
    }
  }
  return (
    <section className={css.sideSection} aria-label={words.links}>
      <div className={css.sideHead}>
        <h2>{words.links}</h2>
        {mayWrite && (
          <ActionIcon onClick={() => setAdding(true)} aria-label={words.addLink}>
            <IconPlus size={16} />
          </ActionIcon>
        )}
      </div>
      {task.links.length === 0 && (
        <p data-muted style={{ fontSize: '0.8125rem' }}>
          {words.noLinks}
        </p>
      )}
      <ul className={css.linkList}>
        {task.links.map((link) => (
          <li key={`${link.type} ${link.direction} ${link.task.id}`} className={css.linkItem}>
            <span className={css.linkKind}>{words[link.direction][link.type]}</span>
            <span
              className={css.linkTitle}
              data-category={link.task.statusCategory}
              title={`${link.task.title} (${link.task.status})`}
            >
              <StateShape category={link.task.statusCategory} />
              <Link to="/tasks/$ref" params={{ ref: link.task.key }} search={{}}>
                <span data-muted>{link.task.key}</span> {link.task.title}
              </Link>
            </span>
            {mayWrite && (
              <ActionIcon onClick={() => remove(link)} aria-label={words.removeLink({ key: link.task.key })}>
                <IconX size={14} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {adding && <AddLink task={task} onClose={() => setAdding(false)} />}
    </section>
  )
}

function AddLink({ task, onClose }: { task: Task; onClose: () => void }) {
  const change = useChange()
  const [type, setType] = useState<LinkType>('related')
  const [target, setTarget] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await change('tasks.link', { taskId: task.id, type, target: target.trim() })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.addLink}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <ProblemNotice error={problem} />
        <Select
          label={words.linkType}
          data={Object.entries(words.outward).map(([value, label]) => ({ value, label }))}
          value={type}
          allowDeselect={false}
          onChange={(next) => setType(next as LinkType)}
        />
        <TaskPicker label={words.linkTarget} help={words.linkTargetHelp} value={target} onChange={setTarget} except={task.key} />
        <Button type="submit" disabled={target.trim() === ''}>
          {words.addLink}
        </Button>
      </form>
    </Modal>
  )
}
