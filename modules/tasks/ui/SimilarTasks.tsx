import { useDebouncedValue } from '@mantine/hooks'
import { IconExternalLink } from '@tabler/icons-react'
import { StateMark } from '../../../platform/react/marks.tsx'
import { useRead } from '../../../platform/react.tsx'
import css from './form.module.css'
import { text } from './text.ts'

const words = text.form
const fewestLetters = 5
const shown = 5

/** Open tasks that may be the same as the one being written; each opens beside it, so that nothing typed is left. */
export function SimilarTasks({ title }: { title: string }) {
  const [settled] = useDebouncedValue(title.trim(), 300)
  const { data } = useRead(
    'tasks.similar',
    { title: settled },
    { enabled: settled.length >= fewestLetters, staleTime: 30_000, keepPrevious: true },
  )
  const items = settled.length >= fewestLetters ? (data?.items ?? []).slice(0, shown) : []
  return (
    <div role="status" className={items.length > 0 ? css.similar : undefined}>
      {items.length > 0 && (
        <>
          <p className={css.similarHead}>{words.similar}</p>
          <ul>
            {items.map((task) => (
              <li key={task.id}>
                <a href={`/tasks/${task.key}`} target="_blank" rel="noopener" title={words.newTab}>
                  <span data-figures>{task.key}</span> <span dir="auto">{task.title}</span>
                  <IconExternalLink size={14} aria-label={words.newTab} role="img" />
                </a>
                <StateMark status={task.status} category={task.statusCategory} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
