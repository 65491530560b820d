import { Button } from '@mantine/core'
import { Empty, useTitle } from '../../platform/react/page.tsx'
import { useRead } from '../../platform/react.tsx'
import { text } from '../text.ts'
import { lastPlaceOf } from './last-place.ts'
import css from './shell.module.css'
import { useLeave, useSwitchOrganization } from './use-session.ts'

const words = text.noOrganization

/** Signed in, but nowhere at home, from the start or since just now: what happened, and where to go. */
export function NoOrganization({ me }: { me: { email: string; name: string } }) {
  const organizations = useRead('identity.my-organizations', {})
  const switchTo = useSwitchOrganization()
  const leave = useLeave()
  const choices = organizations.data?.items ?? []
  const last = lastPlaceOf(me.email)
  const title = last ? words.lost({ organization: last.organization }) : choices.length > 0 ? text.header.switchTo : words.title
  useTitle(title)
  return (
    <main id="content" className={css.alone}>
      <img src="/icon.svg" alt="" width={40} height={40} />
      <Empty
        title={title}
        actions={
          <>
            {choices.map(({ organization }) => (
              <Button key={organization.id} variant={last ? 'default' : 'filled'} onClick={() => switchTo(organization.id)}>
                {organization.name}
              </Button>
            ))}
            <Button variant="default" onClick={leave}>
              {text.header.signOut}
            </Button>
          </>
        }
      >
        {last &&
          (last.provider
            ? words.lostClient({ provider: last.provider, organization: last.organization })
            : words.lostMember)}{' '}
        {last && choices.length > 0 && words.goOn}
        {choices.length === 0 && words.body({ email: me.email })}
      </Empty>
    </main>
  )
}
