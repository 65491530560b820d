import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { saysEnded, tellEnded } from '../../../platform/react/ended.ts'
import { text } from './text.ts'

/** Runs a change and says how it went: true when it was saved. */
export function useSave() {
  const [problem, setProblem] = useState<unknown>(null)
  const save = (work: Promise<unknown>) =>
    work.then(
      (answer) => {
        setProblem(null)
        if (saysEnded(answer)) tellEnded(answer)
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
