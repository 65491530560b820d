import { Button, CopyButton, Modal, PasswordInput, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { Notice, ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import { arrivalRoles } from '../contract.ts'
import type { Connection } from './ConnectionsPage.tsx'
import css from './security.module.css'
import { post } from './send.ts'
import { signInText } from './sign-in-text.ts'

const words = signInText.manage
const roleChoices = arrivalRoles.map((value) => ({ value, label: words.roles[value] }))
type Role = (typeof arrivalRoles)[number]

/** A new OpenID Connect provider, or a change of any connection. */
export function ConnectionForm({ connection, onClose }: { connection: Connection | null; onClose: () => void }) {
  const change = useChange()
  const isOidc = connection?.kind !== 'entra'
  const [values, setValues] = useState({
    name: connection?.name ?? '',
    issuer: connection?.issuer ?? '',
    clientId: connection?.clientId ?? '',
    clientSecret: '',
    domains: connection?.domains ?? [],
    provision: connection?.provision ?? false,
    defaultRole: (connection?.defaultRole ?? 'Viewer') as Role,
  })
  const [problem, setProblem] = useState<unknown>(null)
  const [found, setFound] = useState<string | null>(null)
  const set = (part: Partial<typeof values>) => setValues((before) => ({ ...before, ...part }))
  const test = async () => {
    setProblem(null)
    setFound(null)
    try {
      const { authorizationEndpoint } = (await post('/api/sign-in/check', { issuer: values.issuer.trim() })) as Record<
        string,
        string
      >
      setFound(authorizationEndpoint ?? '')
    } catch (error) {
      setProblem(error)
    }
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const { clientSecret, issuer, clientId, ...arrivals } = values
    const client = { issuer: issuer.trim(), clientId: clientId.trim(), ...(clientSecret && { clientSecret }) }
    try {
      if (connection)
        await change('identity.change-connection', {
          connectionId: connection.id,
          ifVersion: connection.version,
          ...arrivals,
          ...(isOidc && client),
        })
      else await change('identity.add-connection', { ...client, ...arrivals })
      notifications.show({ message: words.oidc.saved({ name: values.name }) })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  const input = (name: 'name' | 'issuer' | 'clientId') => ({
    required: true,
    withAsterisk: false,
    value: values[name],
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  })
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={connection ? words.form.editTitle({ name: connection.name }) : words.oidc.addTitle}
    >
      <form onSubmit={submit} className={css.form}>
        <ProblemNotice error={problem} />
        {found !== null && <Notice live>{words.oidc.testing({ endpoint: found })}</Notice>}
        <TextInput label={words.form.name} maxLength={100} data-autofocus {...input('name')} />
        {isOidc && (
          <>
            <div className={css.row}>
              <TextInput label={words.oidc.issuer} description={words.oidc.issuerHelp} type="url" {...input('issuer')} />
              <Button variant="default" onClick={test} disabled={values.issuer.trim() === ''}>
                {words.oidc.test}
              </Button>
            </div>
            <TextInput label={words.oidc.clientId} maxLength={200} {...input('clientId')} />
            <PasswordInput
              label={words.oidc.secret}
              description={connection?.hasSecret ? words.oidc.secretKept : words.oidc.secretHelp}
              autoComplete="off"
              maxLength={500}
              value={values.clientSecret}
              onChange={(event) => set({ clientSecret: event.currentTarget.value })}
            />
            {connection ? <RedirectAddress id={connection.id} /> : <p data-muted>{words.oidc.redirectLater}</p>}
          </>
        )}
        <TagsInput
          label={words.form.domains}
          description={words.form.domainsHelp}
          splitChars={[',', ' ', ';']}
          value={values.domains}
          onChange={(domains) => set({ domains })}
        />
        <Arrivals values={values} onChange={set} />
        <div className={css.actions}>
          <Button type="submit">{words.oidc.save}</Button>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function RedirectAddress({ id }: { id: string }) {
  const address = `${location.origin}/api/sign-in/callback/${id}`
  return (
    <div className={css.row}>
      <TextInput readOnly label={words.oidc.redirect} value={address} onFocus={(event) => event.currentTarget.select()} />
      <CopyButton value={address}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            {copied ? words.oidc.copied : words.oidc.copy}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}

type ArrivalValues = { provision: boolean; defaultRole: Role }

/** What happens to somebody who was not added before. */
const Arrivals = ({ values, onChange }: { values: ArrivalValues; onChange: (part: Partial<ArrivalValues>) => void }) => (
  <>
    <Switch
      label={words.form.provision}
      description={words.form.provisionHelp}
      checked={values.provision}
      onChange={(event) => onChange({ provision: event.currentTarget.checked })}
    />
    <Select
      label={words.form.role}
      data={roleChoices}
      value={values.defaultRole}
      allowDeselect={false}
      disabled={!values.provision}
      onChange={(role) => role && onChange({ defaultRole: role as Role })}
    />
  </>
)

/** Whoever runs the server names a tenant by its id. */
export function TenantForm({ onClose }: { onClose: () => void }) {
  const change = useChange()
  const [tenantId, setTenantId] = useState('')
  const [arrivals, setArrivals] = useState<ArrivalValues>({ provision: false, defaultRole: 'Viewer' })
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const { name } = await change('identity.map-tenant', { tenantId: tenantId.trim(), ...arrivals })
      notifications.show({ message: words.oidc.saved({ name }) })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.microsoft.mapTitle}>
      <form onSubmit={submit} className={css.form}>
        <ProblemNotice error={problem} />
        <TextInput
          label={words.microsoft.tenant}
          description={words.microsoft.tenantHelp}
          required
          withAsterisk={false}
          data-autofocus
          maxLength={36}
          value={tenantId}
          onChange={(event) => setTenantId(event.currentTarget.value)}
        />
        <Arrivals values={arrivals} onChange={(part) => setArrivals((before) => ({ ...before, ...part }))} />
        <Button type="submit">{words.microsoft.mapSubmit}</Button>
      </form>
    </Modal>
  )
}
