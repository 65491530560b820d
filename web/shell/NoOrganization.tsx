import { Button } from '@mantine/core'
import { Empty } from '../../platform/react/page.tsx'
import { useRead } from '../../platform/react.tsx'
import { text } from '../text.ts'
import { useLeave, useSwitchOrganization } from './use-session.ts'

/** Signed in, but nowhere at home: choose an organization, or ask to be added. */
export function NoOrganization({ me }: { me: { email: string } }) {
  const organizations = useRead('identity.my-organizations', {})
  const switchTo = useSwitchOrganization()
  const leave = useLeave()
  const choices = organizations.data?.items ?? []
  return (
    <main id="content">
      <Empty
        title={choices.length > 0 ? text.header.switchTo : text.noOrganization.title}
        actions={
          <>
            {choices.map(({ organization }) => (
              <Button key={organization.id} onClick={() => switchTo(organization.id)}>
                {organization.name}
              </Button>
            ))}
            <Button variant="default" onClick={leave}>
              {text.header.signOut}
            </Button>
          </>
        }
      >
        {choices.length === 0 && text.noOrganization.body({ email: me.email })}
      </Empty>
    </main>
  )
}
