import { Button, Menu } from '@mantine/core'
import { IconArrowsSort, IconCheck, IconDownload, IconRefresh } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { queryString } from '../../../platform/client.ts'
import { Empty, ProblemNotice, useTitle, Waiting } from '../../../platform/react/page.tsx'
import { useMay, usePages } from '../../../platform/react.tsx'
import { BulkBar } from './BulkBar.tsx'
import { FilterBar } from './FilterBar.tsx'
import { activeFilters, say } from './filters.ts'
import css from './list.module.css'
import { NumberStrip } from './Numbers.tsx'
import { type Directory, useDirectory } from './names.ts'
import { filterOf, type TaskSearch, type TaskSort } from './search.ts'
import { TaskTable } from './TaskTable.tsx'
import { text } from './text.ts'
import { useLiveRows } from './use-live-rows.ts'
import { ViewsMenu } from './ViewsMenu.tsx'

const words = text.list

/** All tasks: filtered by the address, read page by page, worked on many at once. */
export default function TaskListPage() {
  useTitle(words.title)
  const search = useSearch({ from: '/shell/tasks' }) as TaskSearch
  const navigate = useNavigate()
  const may = useMay()
  const directory = useDirectory()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const pages = usePages('tasks.list', search, { refetchOnWindowFocus: false })
  const live = useLiveRows(search, pages)
  const items = pages.items ?? []
  const go = (next: TaskSearch) => navigate({ to: '/tasks', search: next })

  const address = JSON.stringify(search)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter is another list, so nothing stays selected
  useEffect(() => setSelected(new Set()), [address])

  return (
    <div className={css.page}>
      <div className={css.top}>
        <h1 data-sr>{words.title}</h1>
        <div className={css.head}>
          <ViewsMenu search={search} onChange={go} />
          <span className={css.count} role="status" title={pages.hasNextPage ? words.loadedHelp : undefined}>
            {pages.items && words.loaded(items.length, pages.hasNextPage)}
          </span>
          <SortMenu sort={search.sort ?? '-updatedAt'} onSort={(sort) => go({ ...search, sort })} />
          {may('tasks.export') && <ExportMenu search={search} />}
        </div>
        <NumberStrip here={filterOf(search)} />
        <FilterBar search={search} directory={directory} onChange={go} mayDelete={may('tasks.delete')} />
      </div>
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
        <NoTasks search={search} directory={directory} mayCreate={may('tasks.write')} onChange={go} />
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
        <TaskTable
          items={items}
          sort={search.sort ?? '-updatedAt'}
          onSort={(sort) => go({ ...search, sort })}
          selected={selected}
          onSelect={setSelected}
          hasMore={pages.hasNextPage}
          isReading={pages.isFetchingNextPage}
          onMore={pages.fetchNextPage}
          names={directory.names}
        />
      )}
      {selected.size > 0 && may('tasks.write') && <BulkBar selected={selected} onSelect={setSelected} directory={directory} />}
    </div>
  )
}

function SortMenu({ sort, onSort }: { sort: TaskSort; onSort: (sort: TaskSort) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          className={css.tool}
          variant="default"
          size="compact-md"
          leftSection={<IconArrowsSort size={16} />}
          title={words.sorts[sort]}
        >
          <span className={css.toolLabel}>{words.sort}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.entries(words.sorts) as [TaskSort, string][]).map(([key, label]) => (
          <Menu.Item key={key} onClick={() => onSort(key)} rightSection={key === sort ? <IconCheck size={15} /> : null}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Plain links with the list's own filter. */
function ExportMenu({ search }: { search: TaskSearch }) {
  const query = useMemo(() => queryString(search), [search])
  const href = (format: string) => `/api/tasker/tasks/export.${format}${query && `?${query}`}`
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button className={css.tool} variant="default" size="compact-md" leftSection={<IconDownload size={16} />}>
          <span className={css.toolLabel}>{words.export}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={href('csv')} download>
          {words.exportCsv}
        </Menu.Item>
        <Menu.Item component="a" href={href('ndjson')} download>
          {words.exportNdjson}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
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
                {words.clear(say(filter, search, directory.names))}
              </Button>
            ))}
          <Button variant={active.length > 1 ? 'subtle' : 'default'} onClick={() => onChange({})}>
            {words.clearAll}
          </Button>
        </>
      }
    >
      {words.emptyBody(sentence)}
    </Empty>
  )
}
