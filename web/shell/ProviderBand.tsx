import { IconBuilding, IconFlame } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Output } from '../../platform/client.ts'
import { onDemand } from '../../platform/react/demand.tsx'
import { dateAndTime } from '../../platform/react/words.ts'
import { useChange, useMay, useRead } from '../../platform/react.tsx'
import { text } from '../text.ts'
import css from './shell.module.css'
import { useSwitchOrganization } from './use-session.ts'

const Elevate = onDemand(() => import('./Elevate.tsx').then((module) => module.Elevate))
const words = text.header
type Me = Output<'identity.whoami'>

/** In a client: whose data it is, for which provider, at which tier; and the ways up and back. */
export function ProviderBand({ me }: { me: Me }) {
  const switchTo = useSwitchOrganization()
  const change = useChange()
  const [elevating, setElevating] = useState(false)
  const { provider } = me
  if (!provider) return null
  const organization = me.organization?.name ?? ''
  return (
    <aside className={css.band} data-elevated={provider.elevatedUntil !== null || undefined} aria-label={words.organization}>
      <IconBuilding size={16} aria-hidden="true" />
      <span>
        {provider.elevatedUntil
          ? words.elevatedUntil({ organization, provider: provider.name, time: dateAndTime(provider.elevatedUntil) })
          : words.asProvider({ organization, provider: provider.name, tier: provider.tier })}
      </span>
      <span className={css.bandActions}>
        {provider.elevatedUntil && (
          <button type="button" onClick={() => change('msp.step-down', {})}>
            {words.stepDown}
          </button>
        )}
        {provider.tier !== 'T3' && (
          <button type="button" onClick={() => setElevating(true)}>
            {words.elevate}
          </button>
        )}
        <button type="button" onClick={() => switchTo(provider.id, '/msp')}>
          {words.backTo({ organization: provider.name })}
        </button>
      </span>
      {elevating && <Elevate onClose={() => setElevating(false)} />}
    </aside>
  )
}

/** To the people of a client: somebody of a provider works here at T3 right now. */
export function ElevationBand({ me }: { me: Me }) {
  const may = useMay()('access.read') && me.provider === null
  const access = useRead('msp.access', {}, { enabled: may, staleTime: 30_000, refetchInterval: 60_000 })
  const [first] = access.data?.elevations ?? []
  if (!may || !first) return null
  const { name, provider, expiresAt, reason } = first
  return (
    <aside className={css.band} data-elevated aria-label={words.seeAccess}>
      <IconFlame size={16} aria-hidden="true" />
      <span>{words.clientElevated({ name, provider: provider.name, time: dateAndTime(expiresAt), reason })}</span>
      <span className={css.bandActions}>
        <Link to="/access">{words.seeAccess}</Link>
      </span>
    </aside>
  )
}
