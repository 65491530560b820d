import { Button, Modal, MultiSelect, NumberInput, Switch } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange, useRead } from '../../../platform/react.tsx'
import css from './agents.module.css'
import { text } from './text.ts'

const words = text.limits
type Limits = Output<'agents.set-limits'>
type LimitsDialogProps = { tokenId: string; name: string; limits: Limits; onClose: () => void }

/** What one key or connection may use at most. */
export function LimitsDialog({ tokenId, name, limits, onClose }: LimitsDialogProps) {
  const [values, setValues] = useState(limits)
  const [problem, setProblem] = useState<unknown>(null)
  const policy = useRead('agents.get-policy', {})
  const change = useChange()
  const set = (part: Partial<Limits>) => setValues((before) => ({ ...before, ...part }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change('agents.set-limits', { tokenId, ...values })
      .then(() => {
        notifications.show({ message: text.saved })
        onClose()
      })
      .catch(setProblem)
  }
  const numberOr = (value: string | number) => (value === '' ? null : Number(value))
  return (
    <Modal opened onClose={onClose} title={text.apps.limitsOf({ name })}>
      <form className={css.form} onSubmit={submit}>
        <ProblemNotice error={problem} />
        <Switch label={words.paused} checked={values.paused} onChange={(event) => set({ paused: event.currentTarget.checked })} />
        <NumberInput
          label={words.writes}
          description={words.writesHelp}
          min={0}
          max={1_000_000}
          allowDecimal={false}
          value={values.dailyWrites ?? ''}
          onChange={(value) => set({ dailyWrites: numberOr(value) })}
        />
        <NumberInput
          label={words.calls}
          description={words.callsHelp}
          min={1}
          max={100_000}
          allowDecimal={false}
          value={values.callsPerMinute ?? ''}
          onChange={(value) => set({ callsPerMinute: numberOr(value) })}
        />
        <MultiSelect
          label={words.tools}
          description={words.toolsHelp}
          data={policy.data?.tools.map((tool) => tool.name) ?? values.tools ?? []}
          searchable
          value={values.tools ?? []}
          onChange={(tools) => set({ tools: tools.length > 0 ? tools : null })}
        />
        <Button type="submit">{text.save}</Button>
      </form>
    </Modal>
  )
}
