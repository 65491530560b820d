import { Button, Modal } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { text } from './text.ts'

/** Asks before a draft is left behind; another view of the same page is no leaving. */
export function LeaveGuard({ active }: { active: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => active && current.pathname !== next.pathname,
    enableBeforeUnload: active,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Modal opened onClose={blocker.reset} title={text.leaveTitle}>
      <p>{text.leaveLead}</p>
      <div style={{ display: 'flex', gap: 8, marginTop: 14 }}>
        <Button onClick={blocker.reset} data-autofocus>
          {text.leaveStay}
        </Button>
        <Button variant="default" onClick={blocker.proceed}>
          {text.leaveGo}
        </Button>
      </div>
    </Modal>
  )
}
