import { Badge, Button, Checkbox, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconDownload, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react'
import { type ComponentType, useState } from 'react'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { DataTable, Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { tellUndoable } from '../../../platform/react/undo.tsx'
import { useChange, useMay, usePages } from '../../../platform/react.tsx'
import type { Contact } from '../contract.ts'
import { ImportPeople } from './ImportPeople.tsx'
import { PersonForm } from './PersonForm.tsx'
import { text as words } from './text.ts'

type PeoplePageProps = { Merge: ComponentType<{ person: Contact; onClose: () => void }> }
type Doing = { what: 'add' | 'import' } | { what: 'edit' | 'merge' | 'archive'; person: Contact }

/** People without a login: found, added, changed, merged, archived, imported and exported. */
export function PeoplePage({ Merge }: PeoplePageProps) {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 150)
  const [archived, setArchived] = useState(false)
  const pages = usePages('people.list', { q, archived })
  const mayManage = useMay()('people.manage')
  const change = useChange()
  const [doing, setDoing] = useState<Doing | null>(null)
  const close = () => setDoing(null)
  const { items } = pages
  const archive = async ({ id, name }: Contact) => {
    await change('people.archive', { contactId: id })
    tellUndoable(words.archived({ name }), () => change('people.restore', { contactId: id }))
  }
  const [problem, setProblem] = useState<unknown>(null)
  const restore = ({ id, name }: Contact) =>
    change('people.restore', { contactId: id })
      .then(() => notifications.show({ message: words.restored({ name }) }))
      .catch(setProblem)
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setDoing({ what: 'add' })}>
      {words.add}
    </Button>
  )
  return (
    <Page
      title={words.title}
      lead={words.lead}
      wide
      actions={
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
          <Button
            component="a"
            href={`/api/contacts/export.csv?${new URLSearchParams({ q })}`}
            download
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            {words.export}
          </Button>
          {mayManage && (
            <Button variant="default" leftSection={<IconUpload size={16} />} onClick={() => setDoing({ what: 'import' })}>
              {words.import}
            </Button>
          )}
          {mayManage && add}
        </div>
      }
    >
      <TextInput
        type="search"
        maw={420}
        mb="md"
        aria-label={words.search}
        placeholder={words.searchHelp}
        leftSection={<IconSearch size={16} />}
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {mayManage && (
        <Checkbox
          mb="md"
          label={words.showArchived}
          checked={archived}
          onChange={(event) => {
            setProblem(null)
            setArchived(event.currentTarget.checked)
          }}
        />
      )}
      <ProblemNotice error={pages.error ?? problem} />
      {!items && !pages.error && <Waiting />}
      {items?.length === 0 &&
        (q ? (
          <Empty
            title={words.nobody}
            actions={
              <Button variant="default" onClick={() => setTyped('')}>
                {words.clear}
              </Button>
            }
          >
            {words.nobodyBody}
          </Empty>
        ) : archived ? (
          <Empty title={words.nobodyArchived}>{words.nobodyArchivedBody}</Empty>
        ) : (
          <Empty title={words.empty} actions={mayManage && add}>
            {words.emptyBody}
          </Empty>
        ))}
      {items && items.length > 0 && (
        <DataTable cards label={words.title} head={[...Object.values(words.head), ...(mayManage ? [''] : [])]}>
          {items.map((person) => (
            <Row
              key={person.id}
              person={person}
              archived={archived}
              onDo={mayManage ? (what) => (what === 'restore' ? restore(person) : setDoing({ what, person })) : null}
            />
          ))}
        </DataTable>
      )}
      {pages.hasNextPage && (
        <Button mt="sm" variant="default" onClick={() => pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
          {words.more}
        </Button>
      )}
      {doing?.what === 'add' && <PersonForm person={null} onClose={close} />}
      {doing?.what === 'edit' && <PersonForm person={doing.person} onClose={close} />}
      {doing?.what === 'import' && <ImportPeople onClose={close} />}
      {doing?.what === 'merge' && <Merge person={doing.person} onClose={close} />}
      {doing?.what === 'archive' && (
        <ConfirmDialog
          title={words.archiveTitle({ name: doing.person.name })}
          lead={words.archiveLead}
          action={words.archive}
          cancel={words.cancel}
          onConfirm={() => archive(doing.person)}
          onClose={close}
        />
      )}
    </Page>
  )
}

type RowProps = {
  person: Contact
  archived: boolean
  onDo: ((what: 'edit' | 'merge' | 'archive' | 'restore') => void) | null
}

function Row({ person, archived, onDo }: RowProps) {
  const { name } = person
  const restore = [['restore', words.restore, words.restoreOf({ name })]] as const
  const current = [
    ['edit', words.edit, words.editOf({ name })],
    ['merge', words.merge, words.mergeOf({ name })],
    ['archive', words.archive, words.archiveOf({ name })],
  ] as const
  return (
    <tr>
      <td>
        <bdi>{name}</bdi>{' '}
        {person.userId && (
          <Tooltip label={words.memberHelp}>
            <Badge variant="default" size="sm">
              {words.member}
            </Badge>
          </Tooltip>
        )}
      </td>
      <td>{person.email}</td>
      <td>{person.department}</td>
      <td>{person.title}</td>
      {onDo && (
        <td style={{ whiteSpace: 'nowrap' }}>
          {(archived ? restore : current).map(([what, label, of]) => (
            <Button key={what} size="compact-sm" variant="default" me={8} aria-label={of} onClick={() => onDo(what)}>
              {label}
            </Button>
          ))}
        </td>
      )}
    </tr>
  )
}
