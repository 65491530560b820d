import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { text } from './text.ts'

/** Runs a change and says how it went: true when it was saved. */
export function useSave() {
  const [problem, setProblem] = useState<unknown>(null)
  const save = (work: Promise<unknown>) =>
    work.then(
      () => {
        setProblem(null)
        notifications.show({ message: text.saved })
        return true
      },
      (error: unknown) => {
        setProblem(error)
        return false
      },
    )
  return { problem, save }
}
