import { Button, PasswordInput, Switch } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import css from './msp.module.css'
import { text } from './text.ts'
import { useSave } from './use-save.ts'

const words = text.scanning

type Input = { webhookUrl?: string | null; enabled: boolean }
type WebhookFormProps = { scanning: Output<'msp.scanning'>; onSave: (input: Input) => Promise<unknown> }

/** The webhook goes in and never comes out: the field stays empty, its host and who set it are shown. */
export function WebhookForm({ scanning: { webhookHost: host, enabled, updatedAt, updatedBy }, onSave }: WebhookFormProps) {
  const { problem, save } = useSave()
  const [webhookUrl, setWebhookUrl] = useState('')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (await save(onSave({ webhookUrl: webhookUrl.trim(), enabled: true }))) setWebhookUrl('')
  }
  return (
    <div className={css.webhook}>
      <ProblemNotice error={problem} />
      <p>
        {host ? words.set({ host }) : words.none}{' '}
        {updatedAt && updatedBy && (
          <span data-muted>
            {words.by({ person: updatedBy })} <Time at={updatedAt} />
          </span>
        )}
      </p>
      {host && (
        <Switch
          label={words.enabled}
          checked={enabled}
          onChange={(event) => save(onSave({ enabled: event.currentTarget.checked }))}
        />
      )}
      <form onSubmit={submit} className={css.webhook}>
        <PasswordInput
          label={words.address}
          description={host ? words.replaceHelp : words.addressHelp}
          autoComplete="off"
          required
          withAsterisk={false}
          maxLength={2000}
          value={webhookUrl}
          onChange={(event) => setWebhookUrl(event.currentTarget.value)}
        />
        <div className={css.webhookActions}>
          <Button type="submit">{words.save}</Button>
          {host && (
            <Button variant="default" onClick={() => save(onSave({ webhookUrl: null, enabled }))}>
              {words.remove}
            </Button>
          )}
        </div>
      </form>
    </div>
  )
}
