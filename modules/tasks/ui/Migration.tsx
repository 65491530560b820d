import { Button, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { Notice, ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange, useRead } from '../../../platform/react.tsx'
import { text } from './text.ts'

const words = text.migration

/** Open tasks that follow older versions of a profile, and the step that brings them to the current one. */
export function Migration({ profileId, mayManage }: { profileId: string; mayManage: boolean }) {
  const preview = useRead('tasks.preview-migration', { profileId })
  const change = useChange()
  const [stateMap, setStateMap] = useState<Record<string, string>>({})
  const [done, setDone] = useState<number | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const { tasks = 0, states = [], statuses = [], toVersion = 0 } = preview.data ?? {}
  if (preview.error) return <ProblemNotice error={preview.error} />
  if (tasks === 0 && done === null) return null
  const gone = states.filter(({ known }) => !known)
  const isMapped = gone.every(({ status }) => stateMap[status])

  /** In batches; a long one goes on until none is left. */
  const run = async () => {
    setProblem(null)
    let total = 0
    setDone(0)
    try {
      for (;;) {
        const answer = await change('tasks.migrate', { profileId, stateMap })
        total += answer.migrated
        setDone(total)
        if (answer.remaining === 0 || answer.migrated === 0) break
      }
      notifications.show({ message: words.done(total, { version: toVersion }) })
    } catch (error) {
      setProblem(error)
    }
    setDone(null)
  }
  return (
    <section aria-label={words.title}>
      <Notice kind="warning" title={words.lead(tasks, { version: toVersion })}>
        <p>{words.explain}</p>
        <ProblemNotice error={problem} />
        {mayManage && (
          <div style={{ display: 'grid', gap: 10, marginTop: 10 }}>
            {gone.map(({ status, tasks: count }) => (
              <Select
                key={status}
                label={words.question({ status, count })}
                data={statuses}
                value={stateMap[status] ?? null}
                onChange={(to) => setStateMap((before) => ({ ...before, [status]: to ?? '' }))}
              />
            ))}
            <div>
              <Button onClick={run} disabled={!isMapped} loading={done !== null}>
                {words.submit({ count: tasks, version: toVersion })}
              </Button>
            </div>
          </div>
        )}
      </Notice>
    </section>
  )
}
