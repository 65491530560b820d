import { Button, Select } from '@mantine/core'
import { IconPlayerPlay, IconRestore } from '@tabler/icons-react'
import { type ReactNode, useMemo, useState } from 'react'
import { Notice } from '../../../platform/react/page.tsx'
import { useMe } from '../../../platform/react.tsx'
import { compileProfile, describeFields, type ProcessField, type TaskerProfile } from '../contract.ts'
import css from './profile.module.css'
import simCss from './simulation.module.css'
import * as simulation from './simulation.ts'
import { TrialClocks } from './TrialClocks.tsx'
import { TrialTicket } from './TrialTicket.tsx'
import { text } from './text.ts'

const words = text.simulate

export type FormProps = {
  fields: readonly ProcessField[]
  values: Record<string, unknown>
  errors: Map<string, string>
  onChange: (field: string, value: unknown) => void
}
/** What the page brings from other modules: the form of a ticket, and what each role may do. */
export type TrialParts = {
  form: (props: FormProps) => ReactNode
  roles: readonly { name: string; permissions: ReadonlySet<string> }[]
}

type SimulateViewProps = TrialParts & { document: TaskerProfile; priorities: readonly string[] }

/** A ticket that exists only here, judged by the draft as the server would judge a real one. */
export default function SimulateView({ document, priorities, form, roles }: SimulateViewProps) {
  const me = useMe()
  const [role, setRole] = useState('Auditor')
  const [trial, setTrial] = useState(() => simulation.newTrial(Date.now()))
  const [start, setStart] = useState(trial.now)
  const [values, setValues] = useState<Record<string, unknown>>({})
  const profile = useMemo(() => compileProfile(document), [document])
  const categories = me?.organization?.categories
  const choices = useMemo(
    () => ({ ...(priorities.length > 0 && { priority: priorities }), ...(categories && { category: categories }) }),
    [priorities, categories],
  )
  const fields = useMemo(() => describeFields(profile, choices).filter(({ visible }) => visible), [profile, choices])
  const permissions = roles.find(({ name }) => name === role)?.permissions
  const mayWrite = permissions?.has('tasks.write') ?? false
  const errors = new Map(trial.refusal?.problems.map(({ field, message }) => [field, message]))
  const change = (field: string, value: unknown) => setValues((before) => ({ ...before, [field]: value }))

  const startOver = () => {
    const fresh = simulation.newTrial(Date.now())
    setTrial(fresh)
    setStart(fresh.now)
    setValues({})
  }
  const create = () => {
    const shown = new Set(fields.map(({ field }) => field))
    const given = Object.fromEntries(Object.entries(values).filter(([field]) => shown.has(field)))
    const next = simulation.create(profile, trial, given, choices, systemValues(me))
    setTrial(next)
    if (next.task) setValues({})
  }
  return (
    <div className={css.layout} data-own-keys>
      <section aria-label={words.ticket} className={simCss.ticket}>
        <div className={simCss.bar}>
          <Select
            size="xs"
            label={words.role}
            data={roles.map(({ name }) => name)}
            value={role}
            allowDeselect={false}
            onChange={(next) => setRole(next!)}
          />
          {trial.entries.length > 0 && (
            <Button size="compact-sm" variant="default" leftSection={<IconRestore size={15} />} onClick={startOver}>
              {words.startOver}
            </Button>
          )}
          <span data-muted className={css.hint}>
            {words.nothingSaved}
          </span>
        </div>
        {!mayWrite && (
          <Notice kind="warning">{permissions?.has('tasks.read') ? words.mayRead({ role }) : words.mayNothing({ role })}</Notice>
        )}
        {trial.refusal && (
          <Notice kind="problem" title={words.refused} live>
            {trial.refusal.message}
          </Notice>
        )}
        {trial.task === null ? (
          <form
            className={simCss.form}
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              create()
            }}
          >
            <h2>{words.newTicket}</h2>
            {form({ fields, values, errors, onChange: change })}
            <div>
              <Button type="submit" leftSection={<IconPlayerPlay size={15} />} disabled={!mayWrite}>
                {words.create}
              </Button>
            </div>
          </form>
        ) : (
          <TrialTicket
            profile={profile}
            trial={trial}
            onTrial={setTrial}
            choices={choices}
            fields={fields}
            form={form}
            errors={errors}
            mayWrite={mayWrite}
          />
        )}
      </section>
      <TrialClocks
        profile={profile}
        trial={trial}
        start={start}
        onWait={(minutes) => setTrial(simulation.wait(trial, minutes))}
      />
    </div>
  )
}

/** What the server fills in where a person leaves it out. */
const systemValues = (me: ReturnType<typeof useMe>) => ({
  source: 'Portal',
  ...(me && { requesterEmail: me.email, requesterName: me.name }),
})
