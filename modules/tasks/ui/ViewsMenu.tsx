import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCheck, IconChevronDown, IconDeviceFloppy, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { onDemand } from '../../../platform/react/demand.tsx'
import { messageOf } from '../../../platform/react/page.tsx'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import css from './list.module.css'
import { filterOf, sameSearch, searchOf, type TaskSearch } from './search.ts'
import { text } from './text.ts'
import { countInWords } from './values.tsx'

const SaveView = onDemand(() => import('./SaveView.tsx').then((module) => module.SaveView))
const words = text.views

const standard: { name: string; search: TaskSearch }[] = [
  { name: words.open, search: { open: true } },
  { name: words.assignedToMe, search: { open: true, assignedTo: 'me' } },
  { name: words.unassigned, search: { open: true, assignedTo: 'none' } },
  { name: words.overdue, search: { overdue: true, sort: 'due' } },
  { name: words.watching, search: { watching: true } },
  { name: words.all, search: {} },
]

/** The heading of the list: which view is on screen, and the others to choose from. */
export function ViewsMenu({ search, onChange }: { search: TaskSearch; onChange: (search: TaskSearch) => void }) {
  const saved = useRead('tasks.list-views', {}, { staleTime: 30_000 }).data?.items ?? []
  const change = useChange()
  const may = useMay()
  const [saving, setSaving] = useState(false)
  const views = saved.map((view) => ({ ...view, search: searchOf(view.query) }))
  const isHere = (other: TaskSearch) => sameSearch(other, search)
  const here = [...views, ...standard].find((view) => isHere(view.search))
  const own = views.find((view) => view.mine && isHere(view.search))

  const remove = async (view: { id: string; name: string }) => {
    try {
      await change('tasks.delete-view', { viewId: view.id })
      notifications.show({ message: words.removed({ name: view.name }) })
    } catch (error) {
      notifications.show({ color: 'red', message: messageOf(error) })
    }
  }

  const item = (name: string, target: TaskSearch, key: string) => (
    <Menu.Item
      key={key}
      onClick={() => onChange(target)}
      leftSection={isHere(target) ? <IconCheck size={15} /> : <span style={{ width: 15 }} />}
      rightSection={<ViewCount search={target} />}
    >
      {name}
    </Menu.Item>
  )
  const mine = views.filter((view) => view.mine)
  const shared = views.filter((view) => !view.mine)
  return (
    <>
      <Menu width={300}>
        <Menu.Target>
          <button type="button" className={css.viewButton} aria-label={`${words.label}: ${here?.name ?? words.custom}`}>
            {here?.name ?? words.custom}
            <IconChevronDown size={18} stroke={1.8} />
          </button>
        </Menu.Target>
        <Menu.Dropdown mah={460} style={{ overflowY: 'auto' }}>
          <Menu.Label>{words.standard}</Menu.Label>
          {standard.map((view) => item(view.name, view.search, view.name))}
          {may('tasks.delete') && item(words.deleted, { deleted: true }, 'deleted')}
          {mine.length > 0 && <Menu.Label>{words.mine}</Menu.Label>}
          {mine.map((view) => item(view.name, view.search, view.id))}
          {shared.length > 0 && <Menu.Label>{words.shared}</Menu.Label>}
          {shared.map((view) => item(view.name, view.search, view.id))}
          <Menu.Divider />
          {!here && (
            <Menu.Item leftSection={<IconDeviceFloppy size={16} />} onClick={() => setSaving(true)}>
              {words.save}
            </Menu.Item>
          )}
          {own && (
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => remove(own)}>
              {words.remove({ name: own.name })}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {!here && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => setSaving(true)}
          onPointerEnter={SaveView.preload}
          onFocus={SaveView.preload}
        >
          {words.save}
        </Button>
      )}
      {saving && <SaveView search={search} mayShare={may('views.share')} onClose={() => setSaving(false)} />}
    </>
  )
}

/** How many tasks a view holds; counted when the menu opens. */
function ViewCount({ search }: { search: TaskSearch }) {
  const { data } = useRead('tasks.count', filterOf(search), { staleTime: 30_000 })
  return <span className={css.viewCount}>{data && countInWords(data)}</span>
}
