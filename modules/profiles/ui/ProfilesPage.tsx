import { Badge, Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus, IconSeedling } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { DataTable, Empty, messageOf, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import { NewProfile } from './NewProfile.tsx'
import { text } from './text.ts'

type Brief = Output<'profiles.list'>['items'][number]

/** The processes of the organization: seeded, customised and own. */
export default function ProfilesPage() {
  const profiles = useRead('profiles.list', {})
  const change = useChange()
  const may = useMay()
  const [making, setMaking] = useState(false)
  const [removing, setRemoving] = useState<Brief | null>(null)
  const [seeding, setSeeding] = useState(false)
  const mayManage = may('profiles.manage')
  const items = profiles.data?.items ?? []

  const seed = async () => {
    setSeeding(true)
    try {
      const { created, skipped } = await change('profiles.seed-defaults', {})
      notifications.show({ message: seededInWords(created.length, skipped.length) })
    } catch (error) {
      notifications.show({ color: 'red', message: messageOf(error) })
    }
    setSeeding(false)
  }
  const buttons = mayManage && (
    <>
      <Button variant="default" leftSection={<IconSeedling size={16} />} onClick={seed} loading={seeding} title={text.seedHelp}>
        {text.seed}
      </Button>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
        {text.custom}
      </Button>
    </>
  )
  return (
    <Page title={text.title} lead={text.lead} actions={items.length > 0 && buttons}>
      <ProblemNotice error={profiles.error} />
      {profiles.isPending && !profiles.error && <Waiting />}
      {profiles.data && items.length === 0 && (
        <Empty title={text.empty} actions={buttons}>
          {text.emptyBody}
        </Empty>
      )}
      {items.length > 0 && (
        <DataTable cards label={text.title} head={[...Object.values(text.head), '']}>
          {items.map((profile) => (
            <tr key={profile.id}>
              <td>
                <Link to="/profiles/$id" params={{ id: profile.id }} style={{ color: 'var(--text)', fontWeight: 500 }}>
                  {profile.name}
                </Link>{' '}
                {profile.isSystem && (
                  <Badge size="xs" variant="default" tt="none" fw={500}>
                    {text.system}
                  </Badge>
                )}
              </td>
              <td>{profile.standardSource}</td>
              <td title={profile.statuses.join(', ')}>{text.states(profile.statuses.length)}</td>
              <td>{profile.version}</td>
              <td>
                <Time at={profile.updatedAt} />
              </td>
              <td>
                <div style={{ display: 'flex', gap: 6, justifyContent: 'flex-end' }}>
                  <Button
                    component={Link}
                    to={`/profiles/${profile.id}` as '/profiles'}
                    size="compact-sm"
                    variant="default"
                    aria-label={`${text.edit} ${profile.name}`}
                  >
                    {text.edit}
                  </Button>
                  {mayManage && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      disabled={profile.isSystem}
                      title={profile.isSystem ? text.removeSystem : undefined}
                      onClick={() => setRemoving(profile)}
                      aria-label={`${text.remove} ${profile.name}`}
                    >
                      {text.remove}
                    </Button>
                  )}
                </div>
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {making && <NewProfile existing={items} onClose={() => setMaking(false)} />}
      {removing && (
        <ConfirmDialog
          title={text.removeTitle({ name: removing.name })}
          lead={text.removeLead}
          action={text.remove}
          cancel={text.cancel}
          onConfirm={() => change('profiles.delete', { profileId: removing.id })}
          onClose={() => setRemoving(null)}
        />
      )}
    </Page>
  )
}

function seededInWords(created: number, skipped: number) {
  if (created === 0) return text.seededAll
  return skipped > 0 ? text.seededSome(created, { skipped }) : text.seeded(created)
}
