import { IconBuilding } from '@tabler/icons-react'
import type { Output } from '../../platform/client.ts'
import { useRead } from '../../platform/react.tsx'
import { text } from '../text.ts'
import css from './shell.module.css'
import { useSwitchOrganization } from './use-session.ts'

const words = text.header

/** Where the person is at home: the organization they first belonged to. */
export function useHome(): Output<'identity.my-organizations'>['items'][number]['organization'] | undefined {
  return useRead('identity.my-organizations', {}, { staleTime: 60_000 }).data?.items[0]?.organization
}

/** Says plainly whose data is on screen when it is not one's own organization's. */
export function ElsewhereBand({ name, home }: { name: string; home: { id: string; name: string } }) {
  const switchTo = useSwitchOrganization()
  return (
    <aside className={css.band} aria-label={words.organization}>
      <IconBuilding size={16} aria-hidden="true" />
      <span>{words.elsewhere({ organization: name })}</span>
      <button type="button" onClick={() => switchTo(home.id)}>
        {words.backTo({ organization: home.name })}
      </button>
    </aside>
  )
}
