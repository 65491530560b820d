import { Badge, Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { tellEnded } from '../../../platform/react/ended.ts'
import { DataTable, Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { listed } from '../../../platform/react/words.ts'
import { useChange, useMe, usePages } from '../../../platform/react.tsx'
import { text } from './text.ts'

const words = text.users
type User = Output<'identity.list-users'>['items'][number]

const changes = {
  make: { action: words.make, title: words.makeTitle, lead: words.makeLead, input: { superAdmin: true } },
  unmake: { action: words.unmake, title: words.unmakeTitle, lead: words.unmakeLead, input: { superAdmin: false } },
  disable: { action: words.disable, title: words.disableTitle, lead: words.disableLead, input: { disabled: true } },
  enable: { action: words.enable, title: words.enableTitle, lead: words.enableLead, input: { disabled: false } },
} as const
type What = keyof typeof changes

/** Every account of the installation; whoever is no SuperAdmin reads which permission is missing. */
export default function UsersPage() {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 150)
  const pages = usePages('identity.list-users', { q })
  const change = useChange()
  const [doing, setDoing] = useState<{ what: What; user: User } | null>(null)
  const { items } = pages
  const chosen = doing && changes[doing.what]
  return (
    <Page title={words.title} lead={words.lead} wide>
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
      <ProblemNotice error={pages.error} />
      {!items && !pages.error && <Waiting />}
      {items?.length === 0 && <Empty title={words.nobody} />}
      {items && items.length > 0 && (
        <DataTable cards label={words.title} head={[...Object.values(words.head), '']}>
          {items.map((user) => (
            <Row key={user.id} user={user} onDo={(what) => setDoing({ what, user })} />
          ))}
        </DataTable>
      )}
      {pages.hasNextPage && (
        <Button mt="sm" variant="default" onClick={() => pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
          {words.more}
        </Button>
      )}
      {doing && chosen && (
        <ConfirmDialog
          title={chosen.title({ name: doing.user.name || doing.user.email })}
          lead={chosen.lead}
          action={chosen.action}
          cancel={text.cancel}
          onConfirm={() => change('identity.change-user', { userId: doing.user.id, ...chosen.input }).then(tellEnded)}
          onClose={() => setDoing(null)}
        />
      )}
    </Page>
  )
}

function Row({ user, onDo }: { user: User; onDo: (what: What) => void }) {
  const me = useMe()
  const isMe = user.id === me?.id
  const possible: What[] = [
    user.superAdmin ? 'unmake' : 'make',
    ...(isMe ? [] : ([user.disabledAt ? 'enable' : 'disable'] as const)),
  ]
  const memberships = user.organizations.map(({ name, role }) => words.membership({ organization: name, role: wordOf(role) }))
  return (
    <tr>
      <td>
        <bdi>{user.name}</bdi> {isMe && <span data-muted>({words.you})</span>}
      </td>
      <td>{user.email}</td>
      <td>{memberships.length > 0 ? listed(memberships) : <span data-muted>{words.none}</span>}</td>
      <td>{user.superAdmin && <Badge variant="default">{wordOf('SuperAdmin')}</Badge>}</td>
      <td>{user.lastSeenAt ? <Time at={user.lastSeenAt} /> : <span data-muted>{words.never}</span>}</td>
      <td>
        {user.disabledAt ? (
          <span data-muted>
            {words.disabled} <Time at={user.disabledAt} />
          </span>
        ) : (
          words.active
        )}
      </td>
      <td style={{ whiteSpace: 'nowrap' }}>
        {possible.map((what) => (
          <Button
            key={what}
            size="compact-sm"
            variant="default"
            me={8}
            aria-label={words.of({ action: changes[what].action, name: user.name || user.email })}
            onClick={() => onDo(what)}
          >
            {changes[what].action}
          </Button>
        ))}
      </td>
    </tr>
  )
}
