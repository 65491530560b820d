import type { Tier } from '../../identity/contract.ts'
import css from './msp.module.css'
import { text } from './text.ts'

/** A tier with its label from the guide. */
export const TierMark = ({ tier }: { tier: Tier }) => (
  <span className={css.tier} data-tier={tier}>
    {text.tier({ tier, label: text.tiers[tier] })}
  </span>
)

/** A client by name, with a colour of its own that stays the same everywhere. */
export const ClientMark = ({ id, name }: { id: string; name: string }) => (
  <span className={css.client} style={{ '--hue': hueOf(id) } as React.CSSProperties}>
    <span className={css.clientDot} aria-hidden="true" />
    <bdi>{name}</bdi>
  </span>
)

/** FNV-1a, spread by the golden angle: ids made one after another still look apart. */
const hueOf = (id: string) =>
  ([...id].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0, 2166136261) * 137.508) % 360
