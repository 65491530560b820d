import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { onDemand } from '../../../platform/react/demand.tsx'
import { Empty, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useMay, usePages } from '../../../platform/react.tsx'
import { activeFilters, say } from './filters.ts'
import css from './list.module.css'
import type { Directory } from './names.ts'
import { filterOf, type TaskSearch } from './search.ts'
import { TaskTable } from './TaskTable.tsx'
import { text } from './text.ts'
import { useLiveRows } from './use-live-rows.ts'

const BulkBar = onDemand(() => import('./BulkBar.tsx').then((module) => module.BulkBar))
const words = text.list

/** One task beside the list; what is in it is not this module's alone. */
export type Panel = (props: { taskId: string; directory: Directory; onClose: () => void }) => ReactNode

type TaskListProps = { search: TaskSearch; directory: Directory; onChange: (search: TaskSearch) => void; panel?: Panel }

/** The rows of the list: they read themselves page by page; what is new waits until it is asked for. */
export function TaskList({ search, directory, onChange, panel }: TaskListProps) {
  const may = useMay()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [peeked, setPeeked] = useState<string | null>(null)
  const pages = useTaskPages(search)
  const live = useLiveRows(search, pages)
  const items = pages.items ?? []
  const sort = search.sort ?? '-updatedAt'

  const address = JSON.stringify(search)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter is another list, so nothing stays selected
  useEffect(() => {
    setSelected(new Set())
    setPeeked(null)
  }, [address])
  const closePanel = () => {
    setPeeked(null)
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-index][tabindex="0"]')?.focus({ preventScroll: true }))
  }

  return (
    <>
      {pages.error && !pages.items && (
        <div style={{ padding: '0 20px' }}>
          <ProblemNotice error={pages.error} />
        </div>
      )}
      {!pages.items && !pages.error && (
        <div style={{ padding: '0 20px' }}>
          <Waiting lines={12} />
        </div>
      )}
      {pages.items && items.length === 0 && (
        <NoTasks search={search} directory={directory} mayCreate={may('tasks.write')} onChange={onChange} />
      )}
      <div role="status">
        {live.pending > 0 && (
          <button type="button" className={css.news} onClick={live.refresh}>
            <IconRefresh size={15} aria-hidden="true" />
            {words.news(live.pending)}
          </button>
        )}
      </div>
      {items.length > 0 && (
        <div className={css.split} data-peeking={peeked !== null || undefined}>
          <TaskTable
            items={items}
            sort={sort}
            onSort={(next) => onChange({ ...search, sort: next })}
            selected={selected}
            onSelect={setSelected}
            hasMore={pages.hasNextPage}
            isReading={pages.isFetchingNextPage}
            onMore={pages.fetchNextPage}
            directory={directory}
            peeked={peeked}
            onPeek={panel && setPeeked}
          />
          {peeked && panel?.({ taskId: peeked, directory, onClose: closePanel })}
        </div>
      )}
      {selected.size > 0 && may('tasks.write') && (
        <BulkBar items={items} selected={selected} onSelect={setSelected} directory={directory} />
      )}
    </>
  )
}

/** The list as read so far; shared by whoever asks for the same search. */
const useTaskPages = (search: TaskSearch) => usePages('tasks.list', search, { refetchOnWindowFocus: false })

/** How many are on screen; the list is never counted to its end. */
export function LoadedCount({ search }: { search: TaskSearch }) {
  const { items, hasNextPage } = useTaskPages(search)
  return (
    <span className={css.count} role="status" title={hasNextPage ? words.loadedHelp : undefined}>
      {items && (hasNextPage ? words.loadedMore({ count: items.length }) : words.loaded(items.length))}
    </span>
  )
}

type NoTasksProps = { search: TaskSearch; directory: Directory; mayCreate: boolean; onChange: (search: TaskSearch) => void }

/** Why the list is empty, and which filter to take away. */
function NoTasks({ search, directory, mayCreate, onChange }: NoTasksProps) {
  const active = activeFilters(filterOf(search))
  if (active.length === 0) {
    return (
      <Empty
        title={words.none}
        actions={
          mayCreate && (
            <Button component={Link} to="/tasks/new">
              {words.create}
            </Button>
          )
        }
      >
        {words.noneBody}
      </Empty>
    )
  }
  const sentence = active.map((filter) => say(filter, search, directory.names)).join(', ')
  return (
    <Empty
      title={words.empty}
      actions={
        <>
          {active.length > 1 &&
            active.map((filter) => (
              <Button key={filter.key} variant="default" onClick={() => onChange({ ...search, [filter.key]: undefined })}>
                {words.clear({ what: say(filter, search, directory.names) })}
              </Button>
            ))}
          <Button variant={active.length > 1 ? 'subtle' : 'default'} onClick={() => onChange({})}>
            {words.clearAll}
          </Button>
        </>
      }
    >
      {words.emptyBody({ sentence })}
    </Empty>
  )
}
