import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Empty, useTitle } from '../../platform/react/page.tsx'
import { text } from '../text.ts'

/** For addresses that lead nowhere. */
export function NotFoundPage() {
  useTitle(text.notFound.title)
  return (
    <Empty
      title={text.notFound.title}
      actions={
        <Button component={Link} to="/tasks" variant="default">
          {text.notFound.back}
        </Button>
      }
    >
      {text.notFound.body}
    </Empty>
  )
}
