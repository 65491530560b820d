import { IconRobot } from '@tabler/icons-react'
import { usePresence } from '../../../platform/react/presence.ts'
import { initials } from '../../../platform/react/words.ts'
import { useMe } from '../../../platform/react.tsx'
import css from './task.module.css'
import { text } from './text.ts'

const words = text.task

/** People and agents who look at the same task right now. */
export function Presence({ taskId }: { taskId: string }) {
  const people = usePresence(taskId, useMe()?.email)
  return (
    <ul className={css.present} aria-label={words.present} aria-live="polite">
      {people.map(({ email, name, kind, state }) => (
        <li key={email} className={css.looker} data-state={state} title={email}>
          <span className={css.avatar} aria-hidden="true">
            {kind === 'agent' || kind === 'key' ? <IconRobot size={14} /> : initials(name || email)}
          </span>
          <span>
            <bdi>{name || email}</bdi>
            {kind === 'agent' && ` (${words.agent})`} <span data-muted>{words.presence[state]}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
