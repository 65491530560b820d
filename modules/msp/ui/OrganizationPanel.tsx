import { Button, Drawer, NumberInput, PasswordInput, Select, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { tellEnded } from '../../../platform/react/ended.ts'
import { DataTable, ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange, useRead } from '../../../platform/react.tsx'
import { licenseTypes, type ManagedOrganization } from '../contract.ts'
import css from './msp.module.css'
import { useProviders } from './OrganizationsPage.tsx'
import { text } from './text.ts'
import { useEnter } from './use-enter.ts'
import { useSave } from './use-save.ts'
import { WebhookForm } from './WebhookForm.tsx'

const words = text.organizations
const roles = ['Requester', 'Viewer', 'Auditor', 'OrgAdmin', 'ServiceProvider']
type Props = { organization: ManagedOrganization }

/** Everything a SuperAdmin sets of one organization. */
export function OrganizationPanel({ organization, onClose }: Props & { onClose: () => void }) {
  return (
    <Drawer opened onClose={onClose} position="right" size={560} title={organization.name}>
      <div className={css.panel}>
        <Details organization={organization} />
        <Members organization={organization} />
        <ScanInfrastructure organization={organization} />
        <Lifecycle organization={organization} />
      </div>
    </Drawer>
  )
}

function Details({ organization }: Props) {
  const { id, isMsp, managedBy } = organization
  const change = useChange()
  const providers = useProviders(id)
  const { problem, save } = useSave()
  const [name, setName] = useState(organization.name)
  const [licenseType, setLicenseType] = useState<string | null>(organization.licenseType)
  const [seatLimit, setSeatLimit] = useState(organization.seatLimit)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const type = licenseType as ManagedOrganization['licenseType']
    void save(change('msp.save-organization', { organizationId: id, name, licenseType: type, seatLimit }))
  }
  return (
    <>
      <ProblemNotice error={problem} />
      <section>
        <h3>{words.portal}</h3>
        <Switch
          label={words.isMsp}
          description={words.isMspHelp}
          checked={isMsp}
          onChange={(event) => save(change('msp.save-organization', { organizationId: id, isMsp: event.currentTarget.checked }))}
        />
        <Select
          label={words.managedBy}
          description={words.managedByHelp}
          placeholder={words.nobody}
          data={providers}
          value={managedBy?.id ?? null}
          clearable
          searchable
          onChange={(value) => save(change('msp.save-organization', { organizationId: id, managedBy: value }))}
        />
      </section>
      <section>
        <h3>{words.details}</h3>
        <form onSubmit={submit} style={{ display: 'grid', gap: 10 }}>
          <TextInput
            label={words.name}
            required
            withAsterisk={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={text.licensing.type}
            data={licenseTypes.map((value) => ({ value, label: text.licensing.types[value] }))}
            value={licenseType}
            allowDeselect={false}
            onChange={setLicenseType}
          />
          <NumberInput
            label={text.licensing.limit}
            description={text.licensing.limitHelp}
            min={0}
            max={1_000_000}
            allowDecimal={false}
            value={seatLimit}
            onChange={(value) => setSeatLimit(Number(value) || 0)}
          />
          <Button type="submit" variant="default" style={{ justifySelf: 'start' }}>
            {text.save}
          </Button>
        </form>
      </section>
    </>
  )
}

function Members({ organization: { id } }: Props) {
  const members = useRead('msp.list-members', { organizationId: id, limit: 200 })
  const change = useChange()
  const { problem, save } = useSave()
  const empty = { email: '', name: '', role: 'OrgAdmin', password: '' }
  const [values, setValues] = useState(empty)
  const set = (key: keyof typeof values) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget
    setValues((before) => ({ ...before, [key]: value }))
  }
  const add = async (event: FormEvent) => {
    event.preventDefault()
    const { password, ...person } = values
    if (await save(change('msp.add-member', { organizationId: id, ...person, ...(password && { password }) }))) setValues(empty)
  }
  const items = members.data?.items ?? []
  return (
    <section>
      <h3>{words.members}</h3>
      <ProblemNotice error={members.error ?? problem} />
      {members.data && items.length === 0 && <p data-muted>{words.noMembers}</p>}
      {items.length > 0 && (
        <DataTable cards label={words.members} head={[words.memberName, words.email, words.role, '']}>
          {items.map((member) => (
            <tr key={member.id}>
              <td>
                <bdi>{member.name}</bdi>
              </td>
              <td>{member.email}</td>
              <td>
                <Select
                  size="xs"
                  w={140}
                  aria-label={words.roleOf({ name: member.name })}
                  data={roles}
                  value={member.role}
                  allowDeselect={false}
                  onChange={(role) => role && save(change('msp.change-member', { organizationId: id, userId: member.id, role }))}
                />
              </td>
              <td>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={words.removeMember({ name: member.name })}
                  onClick={() => save(change('msp.remove-member', { organizationId: id, userId: member.id }))}
                >
                  {words.remove}
                </Button>
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      <form onSubmit={add} style={{ display: 'grid', gap: 10 }}>
        <TextInput label={words.email} type="email" required withAsterisk={false} value={values.email} onChange={set('email')} />
        <TextInput label={words.memberName} required withAsterisk={false} value={values.name} onChange={set('name')} />
        <Select
          label={words.role}
          data={roles}
          value={values.role}
          allowDeselect={false}
          onChange={(role) => setValues((before) => ({ ...before, role: role ?? before.role }))}
        />
        <PasswordInput
          label={words.password}
          description={words.passwordHelp}
          autoComplete="new-password"
          value={values.password}
          onChange={set('password')}
        />
        <Button type="submit" variant="default" style={{ justifySelf: 'start' }}>
          {words.addMember}
        </Button>
      </form>
    </section>
  )
}

function ScanInfrastructure({ organization: { id } }: Props) {
  const scanning = useRead('msp.organization-scanning', { organizationId: id })
  const change = useChange()
  return (
    <section>
      <h3>{words.scanning}</h3>
      <ProblemNotice error={scanning.error} />
      {scanning.data && (
        <WebhookForm
          scanning={scanning.data}
          onSave={(input) => change('msp.save-organization-scanning', { organizationId: id, ...input })}
        />
      )}
    </section>
  )
}

function Lifecycle({ organization: { id, name, archivedAt } }: Props) {
  const change = useChange()
  const enter = useEnter()
  const { problem, save } = useSave()
  const [asking, setAsking] = useState(false)
  return (
    <section>
      <ProblemNotice error={problem} />
      <div style={{ display: 'flex', gap: 8 }}>
        {archivedAt ? (
          <Button variant="default" onClick={() => save(change('msp.restore-organization', { organizationId: id }))}>
            {words.restore}
          </Button>
        ) : (
          <>
            <Button variant="default" onClick={() => enter(id)}>
              {words.switchTo}
            </Button>
            <Button variant="default" onClick={() => setAsking(true)}>
              {words.archive}
            </Button>
          </>
        )}
      </div>
      {asking && (
        <ConfirmDialog
          title={words.archiveTitle({ name })}
          lead={words.archiveLead}
          action={words.archive}
          cancel={text.cancel}
          onConfirm={() => change('msp.archive-organization', { organizationId: id }).then(tellEnded)}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  )
}
