import { Button, Modal, NumberInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ProblemNotice } from '../../platform/react/page.tsx'
import { useChange } from '../../platform/react.tsx'
import { text } from '../text.ts'

const words = text.header

/** Breaking glass: asks why and for how long. */
export function Elevate({ onClose }: { onClose: () => void }) {
  const change = useChange()
  const [reason, setReason] = useState('')
  const [minutes, setMinutes] = useState(60)
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await change('msp.elevate', { reason, minutes })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.elevate}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <p>{words.elevateLead}</p>
        <ProblemNotice error={problem} />
        <TextInput
          label={words.elevateReason}
          required
          withAsterisk={false}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        <NumberInput
          label={words.elevateMinutes}
          description={words.elevateMinutesHelp}
          min={5}
          max={240}
          allowDecimal={false}
          value={minutes}
          onChange={(value) => setMinutes(Number(value) || 0)}
        />
        <Button type="submit">{words.elevateSubmit}</Button>
      </form>
    </Modal>
  )
}
