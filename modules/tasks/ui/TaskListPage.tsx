import { SegmentedControl } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTitle } from '../../../platform/react/page.tsx'
import { useMay } from '../../../platform/react.tsx'
import { ColumnsMenu } from './ColumnsMenu.tsx'
import { FilterBar } from './FilterBar.tsx'
import { ExportMenu, SortMenu } from './ListTools.tsx'
import css from './list.module.css'
import { NumberStrip } from './Numbers.tsx'
import { useDirectory } from './names.ts'
import { filterOf, type TaskSearch } from './search.ts'
import { LoadedCount, type Panel, TaskList } from './TaskList.tsx'
import { text } from './text.ts'
import { ViewsMenu } from './ViewsMenu.tsx'

const Board = lazy(() => import('./Board.tsx'))
const words = text.list

/** All tasks: filtered by the address, as a list or as a board. */
export function TaskListPage({ panel }: { panel?: Panel }) {
  useTitle(words.title)
  const { view, ...search } = useSearch({ from: '/shell/tasks' })
  const navigate = useNavigate()
  const may = useMay()
  const directory = useDirectory()
  const isBoard = view === 'board'
  const go = (next: TaskSearch, layout = view) => navigate({ to: '/tasks', search: { ...next, view: layout } })
  return (
    <div className={css.page}>
      <div className={css.top}>
        <h1 data-sr>{words.title}</h1>
        <div className={css.head}>
          <ViewsMenu search={search} onChange={go} />
          {isBoard ? <span className={css.count} /> : <LoadedCount search={search} />}
          <SegmentedControl
            size="xs"
            aria-label={words.layout}
            value={isBoard ? 'board' : 'list'}
            onChange={(next) => go(search, next === 'board' ? 'board' : undefined)}
            data={[
              { value: 'list', label: words.asList },
              { value: 'board', label: words.asBoard },
            ]}
          />
          {!isBoard && <ColumnsMenu />}
          <SortMenu sort={search.sort ?? '-updatedAt'} onSort={(sort) => go({ ...search, sort })} />
          {may('tasks.export') && <ExportMenu search={search} />}
        </div>
        <NumberStrip here={filterOf(search)} />
        <FilterBar search={search} directory={directory} onChange={go} mayDelete={may('tasks.delete')} />
      </div>
      {isBoard ? (
        <Suspense fallback={null}>
          <Board search={search} directory={directory} />
        </Suspense>
      ) : (
        <TaskList search={search} directory={directory} onChange={go} panel={panel} />
      )}
    </div>
  )
}
