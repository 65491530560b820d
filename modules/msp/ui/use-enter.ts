import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { messageOf } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'

type Place = { to: string; search?: Record<string, unknown>; params?: Record<string, string> }

/** Goes to a place inside an organization; nothing of the one before stays on screen. */
export function useEnter() {
  const change = useChange()
  const cache = useQueryClient()
  const navigate = useNavigate()
  return async (organizationId: string, place: Place = { to: '/' }) => {
    try {
      await change('identity.switch-organization', { organizationId })
      await navigate(place as never)
      await cache.resetQueries()
    } catch (error) {
      notifications.show({ color: 'red', message: messageOf(error) })
    }
  }
}
