import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { Notice, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useMay, useMe, useRead } from '../../../platform/react.tsx'
import { BrandingForm } from './BrandingForm.tsx'
import { Categories } from './Categories.tsx'
import { Priorities } from './Priorities.tsx'
import { Teams } from './Teams.tsx'
import { text } from './text.ts'

const tabs = ['categories', 'priorities', 'teams', 'branding'] as const

/** A tab that another module brings; it says itself who may do what. */
export type SettingsTab = { value: string; label: string; Panel: ComponentType }

/** What an organization shapes for itself. `more` are tabs of later modules. */
export function SettingsPage({ more }: { more: readonly SettingsTab[] }) {
  const { tab = 'categories' } = useSearch({ from: '/shell/settings' })
  const navigate = useNavigate()
  const may = useMay()
  const me = useMe()
  const settings = useRead('settings.get', {})
  const mayManage = may('settings.manage')
  const mayHere = tab === 'branding' ? may('branding.manage') : mayManage
  const data = settings.data
  return (
    <Page title={text.title} lead={text.lead({ organization: me?.organization?.name ?? '' })}>
      {!mayHere && !more.some(({ value }) => value === tab) && (
        <div style={{ marginBottom: 14 }}>
          <Notice>{text.readOnly}</Notice>
        </div>
      )}
      <Tabs
        value={tab}
        onChange={(next) => navigate({ to: '/settings', search: { tab: next ?? undefined }, replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {text.tabs[each]}
            </Tabs.Tab>
          ))}
          {more.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {more.map(({ value, Panel }) => (
          <Tabs.Panel key={value} value={value}>
            <Panel />
          </Tabs.Panel>
        ))}
        <ProblemNotice error={settings.error} />
        {!data && !settings.error && <Waiting lines={8} />}
        {data && (
          <>
            <Tabs.Panel value="categories">
              <Categories categories={data.categories} priorities={data.priorities} mayManage={mayManage} />
            </Tabs.Panel>
            <Tabs.Panel value="priorities">
              <Priorities priorities={data.priorities} mayManage={mayManage} />
            </Tabs.Panel>
            <Tabs.Panel value="teams">
              <Teams teams={data.teams} mayManage={mayManage} />
            </Tabs.Panel>
            <Tabs.Panel value="branding">
              <BrandingForm branding={data.branding} mayManage={may('branding.manage')} />
            </Tabs.Panel>
          </>
        )}
      </Tabs>
    </Page>
  )
}
