import { Button, Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, type KeyboardEvent, useMemo, useState } from 'react'
import { ProblemResponse } from '../../../platform/client.ts'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import type { TaskerProfile } from '../contract.ts'
import { ChangeList } from './ChangeList.tsx'
import { compareProfiles } from './changes.ts'
import { text } from './text.ts'

type SaveDialogProps = {
  profileId: string
  version: number
  before: string
  after: string
  onSaved: (version: number, text: string) => void
  onReload: () => void
  onClose: () => void
}

/** What a new version changes, before it is one. */
export function SaveDialog({ profileId, version, before, after, onSaved, onReload, onClose }: SaveDialogProps) {
  const change = useChange()
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const changes = useMemo(
    () => compareProfiles(JSON.parse(before) as TaskerProfile, JSON.parse(after) as TaskerProfile),
    [before, after],
  )
  const stale = problem instanceof ProblemResponse && problem.code === 'STALE' ? problem.body : null

  const save = async (basedOn: number) => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    try {
      const { version: _, ...document } = JSON.parse(after) as TaskerProfile
      const answer = await change('profiles.save', { ...document, id: profileId, version: basedOn })
      onSaved(answer.version, after)
      notifications.show({ message: text.saved(changes.length, { version: answer.version }) })
      onClose()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save(version)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save(stale?.version ?? version)
  }
  return (
    <Modal opened onClose={onClose} title={text.saveTitle({ version: version + 1 })} size="lg">
      <form style={{ display: 'grid', gap: 14 }} onKeyDown={onKeyDown} onSubmit={submit}>
        <ProblemNotice error={problem} />
        <ChangeList changes={changes} />
        <p data-muted>{text.saveLead}</p>
        <div style={{ display: 'flex', gap: 8 }}>
          {stale ? (
            <>
              <Button onClick={() => save(stale.version ?? version)} loading={busy}>
                {text.stale}
              </Button>
              <Button variant="default" onClick={onReload}>
                {text.loadTheirs}
              </Button>
            </>
          ) : (
            <Button type="submit" loading={busy} data-autofocus aria-keyshortcuts="Control+Enter">
              {text.saveNow({ version: version + 1 })}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {text.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
