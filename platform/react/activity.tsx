/** What happened, as sentences: who did what, through which door, and what it was before. */
import type { ReactNode } from 'react'
import css from './activity.module.css'
import { direction } from './i18n.ts'
import { usePriorityName } from './marks.tsx'
import { brief } from './sentences.ts'
import { text } from './text.ts'
import { Time } from './time.tsx'
import { wordOf } from './vocabulary.ts'
import { dateAndTime } from './words.ts'

const words = text.activity

export type Happening = {
  id: string
  occurredAt: string
  action: string
  data: Record<string, unknown>
  actor: { kind: string; name: string; provider?: { name: string; tier: string } | null }
  channel: string
}

type ActivityListProps = {
  items: readonly Happening[]
  sentenceOf: (action: string, data: Record<string, unknown>) => string
  labelOf: (field: string) => string
  subjectOf?: (item: Happening) => ReactNode
}

export function ActivityList({ items, sentenceOf, labelOf, subjectOf }: ActivityListProps) {
  return (
    <ol className={css.list}>
      {items.map((item) => (
        <li key={item.id} className={css.item}>
          <span className={css.dot} aria-hidden="true" />
          <div>
            <span className={css.actor} dir="auto">
              {nameOf(item.actor)}
            </span>{' '}
            {sentenceOf(item.action, item.data)}
            {subjectOf?.(item)}{' '}
            <span className={css.meta}>
              <Time at={item.occurredAt} />
              {item.channel !== 'web' && <span>{words.via({ channel: item.channel })}</span>}
              {item.actor.kind === 'agent' && <span>{words.agent}</span>}
            </span>
            <Changes data={item.data} labelOf={labelOf} />
          </div>
        </li>
      ))}
    </ol>
  )
}

/** Both identities of somebody of a provider: who, of which provider, at which tier. */
const nameOf = ({ name, provider }: Happening['actor']) =>
  provider ? words.ofProvider({ name, provider: provider.name, tier: provider.tier }) : name

/** Fields whose values are words of the product. */
const worded: ReadonlySet<string> = new Set(['status', 'impact', 'urgency', 'severity', 'source', 'visibility', 'role'])

/** Before → after of each field that changed; a priority as the organization calls it. */
function Changes({ data, labelOf }: { data: Record<string, unknown>; labelOf: (field: string) => string }) {
  const priorityName = usePriorityName()
  const { before, after } = data as { before?: Record<string, unknown> | null; after?: Record<string, unknown> }
  if (!before || !after || typeof before !== 'object') return null
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    // A move says its states in the sentence already.
    (field) => said(before[field]) !== said(after[field]) && !(field === 'status' && 'from' in data),
  )
  if (fields.length === 0 || fields.length > 20) return null
  const shown = (field: string, value: unknown) => {
    const plain = said(value)
    if (typeof value !== 'string' || plain === '') return plain
    return field === 'priority' ? priorityName(plain) : worded.has(field) ? wordOf(plain) : plain
  }
  return (
    <dl className={css.changes}>
      {fields.map((field) => (
        <div key={field} className={css.change}>
          <dt>{labelOf(field)}</dt>
          <dd>
            <span className={css.before}>{brief(shown(field, before[field]))}</span>
            {said(before[field]) && (direction === 'rtl' ? ' ← ' : ' → ')}
            {brief(shown(field, after[field])) || words.nothing}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function said(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') {
    return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d)/.test(value) ? dateAndTime(value) : value
  }
  if (Array.isArray(value)) return value.map(said).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
