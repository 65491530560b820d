import { Button, FileInput, Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { number } from '../../../platform/react/i18n.ts'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import { longestFile } from '../contract.ts'
import { text as words } from './text.ts'

/** Takes a CSV file of people; what is wrong with it is said line by line. */
export function ImportPeople({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const change = useChange()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!file) return
    setBusy(true)
    try {
      if (file.size > longestFile) throw new Error(words.tooLarge)
      const { added, changed } = await change('people.import', { csv: await file.text() })
      notifications.show({ message: words.imported({ added: number(added), changed: number(changed) }) })
      onClose()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.importTitle} size="lg">
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <p>{words.importLead}</p>
        <ProblemNotice error={problem} />
        <FileInput
          label={words.importFile}
          accept=".csv,text/csv"
          value={file}
          onChange={(chosen) => {
            setFile(chosen)
            setProblem(null)
          }}
        />
        <Button type="submit" disabled={!file} loading={busy}>
          {words.importSubmit}
        </Button>
      </form>
    </Modal>
  )
}
