import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { ProblemNotice } from './page.tsx'

type ConfirmDialogProps = {
  title: string
  lead: string
  action: string
  cancel: string
  onConfirm: () => Promise<unknown>
  onClose: () => void
}

/** Asks before something that cannot be undone, naming it. */
export function ConfirmDialog({ title, lead, action, cancel, onConfirm, onClose }: ConfirmDialogProps) {
  const [problem, setProblem] = useState<unknown>(null)
  return (
    <Modal opened onClose={onClose} title={title}>
      <div style={{ display: 'grid', gap: 14 }}>
        <p>{lead}</p>
        <ProblemNotice error={problem} />
        <div style={{ display: 'flex', gap: 8 }}>
          <Button color="red" onClick={() => onConfirm().then(onClose).catch(setProblem)}>
            {action}
          </Button>
          <Button variant="default" onClick={onClose} data-autofocus>
            {cancel}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
