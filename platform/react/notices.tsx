import { useNotifications } from '@mantine/notifications'
import { onDemand } from './demand.tsx'

const Area = onDemand(() => import('./NoticeArea.tsx').then(({ NoticeArea }) => NoticeArea))

/** Where notices appear, fetched with the first of them; until then they wait in their store. */
export function Notices() {
  const { notifications, queue } = useNotifications()
  return notifications.length + queue.length > 0 || Area.isHere() ? <Area /> : null
}
