import { ActionIcon, Autocomplete, Button } from '@mantine/core'
import { IconEye, IconEyeOff, IconX } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { messageOf } from '../../../platform/react/page.tsx'
import { tellUndoable } from '../../../platform/react/undo.tsx'
import { useChange, useMe } from '../../../platform/react.tsx'
import type { Task } from '../contract.ts'
import type { Directory } from './names.ts'
import css from './task.module.css'
import { text } from './text.ts'

const words = text.task

/** Who hears of changes without being responsible. */
export function Watchers({ task, directory, mayWrite }: { task: Task; directory: Directory; mayWrite: boolean }) {
  const me = useMe()
  const change = useChange()
  const [email, setEmail] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const watches = me !== undefined && task.watchers.includes(me.email.toLowerCase())
  const set = async (add: string[], remove: string[]) => {
    const store = (more: string[], less: string[]) => change('tasks.watch', { taskId: task.id, add: more, remove: less })
    try {
      await store(add, remove)
      const who = directory.names.person((add[0] ?? remove[0])!)
      tellUndoable((add.length > 0 ? words.nowWatching : words.noLongerWatching)({ who, key: task.key }), () =>
        store(remove, add),
      )
      setEmail('')
      setProblem(null)
    } catch (error) {
      setProblem(error)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (email.trim()) set([email.trim()], [])
  }
  return (
    <section className={css.sideSection} aria-label={words.watchers}>
      <div className={css.sideHead}>
        <h2>{words.watchers}</h2>
        {mayWrite && me && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={watches ? <IconEyeOff size={14} /> : <IconEye size={14} />}
            onClick={() => (watches ? set([], [me.email]) : set([me.email], []))}
          >
            {watches ? words.unwatch : words.watch}
          </Button>
        )}
      </div>
      {task.watchers.length === 0 && (
        <p data-muted style={{ fontSize: '0.8125rem' }}>
          {words.noWatchers}
        </p>
      )}
      <ul className={css.linkList}>
        {task.watchers.map((watcher) => (
          <li key={watcher} className={css.linkItem}>
            <span title={watcher}>{directory.names.person(watcher)}</span>
            {mayWrite && (
              <ActionIcon onClick={() => set([], [watcher])} aria-label={words.removeWatcher({ email: watcher })}>
                <IconX size={14} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {mayWrite && (
        <form onSubmit={submit} style={{ marginTop: 6 }}>
          <Autocomplete
            size="xs"
            aria-label={words.addWatcher}
            placeholder={words.addWatcher}
            data={directory.people.map((person) => person.email).filter((each) => !task.watchers.includes(each))}
            limit={30}
            value={email}
            onChange={setEmail}
            onOptionSubmit={(chosen) => set([chosen], [])}
            error={problem ? messageOf(problem) : undefined}
          />
        </form>
      )}
    </section>
  )
}
