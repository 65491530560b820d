import { Menu, Popover } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { onDemand } from '../../../platform/react/demand.tsx'
import { activeFilters, type Filter, type FilterKey, filters, say } from './filters.ts'
import css from './list.module.css'
import type { Directory } from './names.ts'
import { filterOf, type TaskSearch } from './search.ts'
import { text } from './text.ts'

const FilterEditor = onDemand(() => import('./FilterEditor.tsx').then((module) => module.FilterEditor))

type FilterBarProps = { search: TaskSearch; directory: Directory; onChange: (search: TaskSearch) => void; mayDelete: boolean }

/** The filters in effect as chips that read as a sentence; each opens its editor. */
export function FilterBar({ search, directory, onChange, mayDelete }: FilterBarProps) {
  const [fresh, setFresh] = useState<FilterKey | null>(null)
  const active = activeFilters(filterOf(search))
  const shown =
    fresh && !active.some(({ key }) => key === fresh) ? [...active, filters.find(({ key }) => key === fresh)!] : active
  const set = (key: FilterKey, value: unknown) => onChange({ ...search, [key]: value })
  const free = filters.filter(({ key }) => search[key] === undefined && (key !== 'deleted' || mayDelete))

  // The editor is fetched first, so that it takes the focus as it opens.
  const add = (filter: Filter) =>
    filter.kind === 'flag' ? set(filter.key, true) : FilterEditor.preload().then(() => setFresh(filter.key))
  return (
    <section
      className={css.chips}
      aria-label={text.filters.bar}
      onPointerEnter={FilterEditor.preload}
      onFocus={FilterEditor.preload}
    >
      {shown.map((filter) => (
        <Chip
          key={filter.key}
          filter={filter}
          search={search}
          directory={directory}
          isFresh={filter.key === fresh}
          onSet={(value) => {
            setFresh(null)
            set(filter.key, value)
          }}
          onClose={() => setFresh(null)}
        />
      ))}
      <Menu>
        <Menu.Target>
          <button type="button" className={css.chipAdd}>
            <IconPlus size={15} />
            {text.filters.add}
          </button>
        </Menu.Target>
        <Menu.Dropdown mah={380} style={{ overflowY: 'auto' }}>
          {free.map((filter) => (
            <Menu.Item key={filter.key} onClick={() => add(filter)}>
              {filter.label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </section>
  )
}

type ChipProps = {
  filter: Filter
  search: TaskSearch
  directory: Directory
  isFresh: boolean
  onSet: (value: unknown) => void
  onClose: () => void
}

function Chip({ filter, search, directory, isFresh, onSet, onClose }: ChipProps) {
  const [opened, setOpened] = useState(isFresh)
  const value = search[filter.key]
  const words = value === undefined ? filter.label : say(filter, filterOf(search), directory.names)
  const close = () => {
    setOpened(false)
    onClose()
  }
  const press = () => {
    if (filter.kind !== 'flag') FilterEditor.preload().then(() => setOpened(!opened))
    else if (filter.key !== 'deleted') onSet(!value)
  }
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && close()}
      position="bottom-start"
      trapFocus
      returnFocus
      withRoles={false}
    >
      <Popover.Target>
        <span className={css.chip}>
          <button
            type="button"
            className={css.chipWords}
            onClick={press}
            title={words}
            {...(filter.kind !== 'flag' && { 'aria-haspopup': 'dialog', 'aria-expanded': opened })}
          >
            {words}
          </button>
          <button
            type="button"
            className={css.chipRemove}
            onClick={() => onSet(undefined)}
            aria-label={text.filters.remove({ what: words })}
          >
            <IconX size={14} />
          </button>
        </span>
      </Popover.Target>
      <Popover.Dropdown p="sm" role="dialog" aria-label={filter.label}>
        <FilterEditor
          filter={filter}
          value={value}
          directory={directory}
          onApply={(next) => {
            setOpened(false)
            onSet(next)
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
