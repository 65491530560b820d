import { Notifications } from '@mantine/notifications'

/** Where notices appear. */
export const NoticeArea = () => <Notifications position="bottom-right" autoClose={6000} limit={5} />
