import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Empty, useTitle } from '../../platform/react/page.tsx'
import { text } from '../text.ts'

/** A page without the frame is its own main part, with its own heading. */
const Alone = ({ children }: { children: ReactNode }) => (
  <main>
    <h1 data-sr>{text.product}</h1>
    {children}
  </main>
)

/** For addresses that lead nowhere. */
export function NotFoundPage() {
  useTitle(text.notFound.title)
  return (
    <Alone>
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
    </Alone>
  )
}
