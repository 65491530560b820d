import { Button, Menu } from '@mantine/core'
import { IconArrowsSort, IconCheck, IconDownload } from '@tabler/icons-react'
import { useMemo } from 'react'
import { queryString } from '../../../platform/client.ts'
import css from './list.module.css'
import type { TaskSearch, TaskSort } from './search.ts'
import { text } from './text.ts'

const words = text.list

/** In which order the tasks stand. */
export function SortMenu({ sort, onSort }: { sort: TaskSort; onSort: (sort: TaskSort) => void }) {
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
export function ExportMenu({ search }: { search: TaskSearch }) {
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
