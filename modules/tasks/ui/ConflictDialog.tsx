import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { DataTable, ProblemNotice } from '../../../platform/react/page.tsx'
import { taskField } from '../../profiles/contract.ts'
import { text } from './text.ts'
import { valueInWords } from './values.tsx'

const words = text.task.stale

type ConflictDialogProps = {
  message: string
  yours: Record<string, unknown>
  current: Record<string, unknown>
  onKeep: () => void
  onOverwrite: () => Promise<void>
}

/** Two people changed the same task: both values side by side, nothing lost. */
export function ConflictDialog({ message, yours, current, onKeep, onOverwrite }: ConflictDialogProps) {
  const [problem, setProblem] = useState<unknown>(null)
  const rows = Object.keys(yours).filter((key) => key !== 'ifVersion')
  return (
    <Modal opened onClose={onKeep} title={words.title} size="lg">
      <div style={{ display: 'grid', gap: 14 }}>
        <p>{message}</p>
        <ProblemNotice error={problem} />
        <DataTable label={words.title} head={[words.field, words.theirs, words.yours]}>
          {rows.map((key) => (
            <tr key={key}>
              <th scope="row">{taskField(key)?.label ?? key}</th>
              <td>{valueInWords(current[key]) || '–'}</td>
              <td>{valueInWords(yours[key]) || '–'}</td>
            </tr>
          ))}
        </DataTable>
        <div style={{ display: 'flex', gap: 8 }}>
          <Button variant="default" onClick={onKeep} data-autofocus>
            {words.keep}
          </Button>
          <Button onClick={() => onOverwrite().catch(setProblem)}>{words.overwrite}</Button>
        </div>
      </div>
    </Modal>
  )
}
