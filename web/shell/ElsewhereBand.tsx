import { IconBuilding } from '@tabler/icons-react'
import type { Output } from '../../platform/client.ts'
import { useRead } from '../../platform/react.tsx'
import { text } from '../text.ts'
import css from './shell.module.css'
import { useSwitchOrganization } from './use-session.ts'

const words = text.header

type Organization = Output<'identity.my-organizations'>['items'][number]['organization']

/**
 * Where the person is at home (the organization they first belonged to), and whether they are elsewhere now.
 * SuperAdmins may belong to many or to none: elsewhere is for them what they do not belong to.
 */
export function useHome(me: Output<'identity.whoami'>): { home: Organization | undefined; isElsewhere: boolean } {
  const items = useRead('identity.my-organizations', {}, { staleTime: 60_000 }).data?.items
  const home = items?.find(({ member }) => member)?.organization
  const here = items?.find(({ organization }) => organization.id === me.organization?.id)
  const isElsewhere =
    here !== undefined && (me.superAdmin ? !here.member : home !== undefined && home.id !== here.organization.id)
  return { home, isElsewhere }
}

/** Says plainly whose data is on screen when it is not one's own organization's. */
export function ElsewhereBand({ name, home }: { name: string; home: Organization | undefined }) {
  const switchTo = useSwitchOrganization()
  return (
    <aside className={css.band} aria-label={words.organization}>
      <IconBuilding size={16} aria-hidden="true" />
      <span>{words.elsewhere({ organization: name })}</span>
      {home && (
        <button type="button" onClick={() => switchTo(home.id)}>
          {words.backTo({ organization: home.name })}
        </button>
      )}
    </aside>
  )
}
