import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { messageOf } from '../../platform/react/page.tsx'
import { forgetDrafts } from '../../platform/react/preferences.ts'
import { useChange } from '../../platform/react.tsx'
import { signOut } from '../session.ts'

/** Another organization: nothing of the one before may stay on screen. */
export function useSwitchOrganization() {
  const change = useChange()
  const cache = useQueryClient()
  const navigate = useNavigate()
  return async (organizationId: string, to = '/') => {
    try {
      await change('identity.switch-organization', { organizationId })
      await navigate({ to: to as '/' })
      await cache.resetQueries()
    } catch (error) {
      notifications.show({ color: 'red', message: messageOf(error) })
    }
  }
}

/** Signs out and forgets what was read and half written. */
export function useLeave() {
  const cache = useQueryClient()
  const navigate = useNavigate()
  return async () => {
    try {
      await signOut()
      forgetDrafts()
      await navigate({ to: '/sign-in' })
      cache.clear()
    } catch (error) {
      notifications.show({ color: 'red', message: messageOf(error) })
    }
  }
}
