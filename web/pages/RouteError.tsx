import { Button } from '@mantine/core'
import { messageOf, Notice } from '../../platform/react/page.tsx'
import { text } from '../text.ts'

/** When a page itself breaks, or its code could not be fetched. */
export function RouteError({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <div style={{ padding: 24, maxWidth: 640 }}>
      <Notice kind="problem" title={text.failed.title} live>
        <p>{messageOf(error)}</p>
        <div style={{ display: 'flex', gap: 8, marginTop: 12 }}>
          <Button variant="default" onClick={reset}>
            {text.failed.retry}
          </Button>
          <Button variant="default" onClick={() => location.reload()}>
            {text.failed.reload}
          </Button>
        </div>
      </Notice>
    </div>
  )
}
