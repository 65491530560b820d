import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { StateMark, stateName } from '../../../platform/react/marks.tsx'
import { Notice } from '../../../platform/react/page.tsx'
import type { CompiledProfile, ProcessField } from '../contract.ts'
import type { FormProps } from './SimulateView.tsx'
import simCss from './simulation.module.css'
import * as simulation from './simulation.ts'
import { text } from './text.ts'

const words = text.simulate

type TrialTicketProps = {
  profile: CompiledProfile
  trial: simulation.Trial
  onTrial: (trial: simulation.Trial) => void
  choices: simulation.Lists
  fields: readonly ProcessField[]
  form: (props: FormProps) => ReactNode
  errors: Map<string, string>
  mayWrite: boolean
}

/** The ticket on its way: legal moves as buttons, the others to be refused, its fields to change. */
export function TrialTicket({ profile, trial, onTrial, choices, fields, form, errors, mayWrite }: TrialTicketProps) {
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [isEditing, setIsEditing] = useState(false)
  const task = trial.task!
  const described = simulation.process(profile, trial, choices)!
  const change = (field: string, value: unknown) => setValues((before) => ({ ...before, [field]: value }))

  const attempt = (to: string | null) => {
    const next = simulation.change(profile, trial, values, to, choices)
    onTrial(next)
    if (next.refusal) return
    setValues({})
    setIsEditing(false)
  }
  const needed = new Set(trial.pending ? trial.refusal?.missingFields.map(({ field }) => field) : [])
  const missing = fields.filter(({ field }) => needed.has(field)).map((field) => ({ ...field, required: true }))
  const stored = Object.fromEntries(fields.map(({ field }) => [field, storedOf(task, field)]))
  return (
    <div className={simCss.form}>
      <div className={simCss.head}>
        <h2 dir="auto">{String(task.title ?? words.ticket)}</h2>
        <StateMark status={described.status} category={described.category} pill />
      </div>
      {simulation.isStranded(profile, trial) && <Notice kind="warning">{words.stranded({ state: described.status })}</Notice>}
      <div role="group" aria-label={words.moves} className={simCss.moves}>
        {described.moves.map((move) => (
          <Button
            key={move.to}
            variant={trial.pending === move.to ? 'filled' : 'default'}
            disabled={!mayWrite}
            onClick={() => attempt(move.to)}
            title={[move.reason, move.slaEffect].filter(Boolean).join('\n')}
          >
            {stateName(move.to)}
            {move.missingFields.length > 0 && (
              <span data-muted={trial.pending === move.to ? undefined : ''}>
                {' '}
                · {text.graph.needs(move.missingFields.length)}
              </span>
            )}
          </Button>
        ))}
        {described.moves.length === 0 && <span data-muted>{words.noMoves}</span>}
      </div>
      {described.otherStates.length > 0 && (
        <details className={simCss.others}>
          <summary>{words.others(described.otherStates.length)}</summary>
          <div className={simCss.moves}>
            {described.otherStates.map(({ to }) => (
              <Button key={to} size="compact-sm" variant="default" disabled={!mayWrite} onClick={() => attempt(to)}>
                {stateName(to)}
              </Button>
            ))}
          </div>
        </details>
      )}
      {missing.length > 0 && trial.pending && (
        <form
          className={simCss.box}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            attempt(trial.pending)
          }}
        >
          {form({ fields: missing, values: { ...stored, ...values }, errors, onChange: change })}
          <div>
            <Button type="submit">{words.moveTo({ state: stateName(trial.pending) })}</Button>
          </div>
        </form>
      )}
      {!trial.pending && !isEditing && (
        <div>
          <Button size="compact-sm" variant="default" disabled={!mayWrite} onClick={() => setIsEditing(true)}>
            {words.edit}
          </Button>
        </div>
      )}
      {!trial.pending && isEditing && (
        <form
          className={simCss.box}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            attempt(null)
          }}
        >
          {form({ fields, values: { ...stored, ...values }, errors, onChange: change })}
          <div className={simCss.moves}>
            <Button type="submit">{words.save}</Button>
            <Button variant="default" onClick={() => setIsEditing(false)}>
              {text.cancel}
            </Button>
          </div>
        </form>
      )}
    </div>
  )
}

const storedOf = (task: Record<string, unknown>, field: string): unknown => {
  const [, key] = field.split('customFields.')
  return key ? (task.customFields as Record<string, unknown> | undefined)?.[key] : task[field]
}
