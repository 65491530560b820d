import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { number } from '../../../platform/react/i18n.ts'
import { DataTable, ProblemNotice } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { useRead } from '../../../platform/react.tsx'
import css from './agents.module.css'
import { LimitsDialog } from './LimitsDialog.tsx'
import { text } from './text.ts'

const words = text.apps
type Use = Output<'agents.key-use'>['items'][number]

/** What the organization's API keys did today, and what they may at most. */
export function KeyLimits() {
  const keys = useRead('identity.list-keys', { limit: 200 })
  const active = keys.data?.items.filter((key) => !key.revokedAt) ?? []
  const use = useRead('agents.key-use', { keyIds: active.map((key) => key.id) }, { enabled: active.length > 0 })
  const [limiting, setLimiting] = useState<(Use & { name: string }) | null>(null)
  const foundOf = (id: string) => use.data?.items.find((item) => item.id === id)
  if (active.length === 0) return null
  return (
    <section className={css.keys}>
      <h2>{words.keys}</h2>
      <ProblemNotice error={keys.error ?? use.error} />
      <DataTable cards label={words.keys} head={[words.head.key, words.head.role, words.head.today, words.head.used, '']}>
        {active.map((key) => {
          const used = foundOf(key.id)
          return (
            <tr key={key.id}>
              <td>
                <bdi>{key.name}</bdi> <code>{key.prefix}…</code>
              </td>
              <td>{wordOf(key.role)}</td>
              <td>{used && writesToday(used)}</td>
              <td>{used?.lastUsedAt ? <Time at={used.lastUsedAt} /> : <span data-muted>{words.never}</span>}</td>
              <td>
                {used && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={words.limitsOf({ name: key.name })}
                    onClick={() => setLimiting({ ...used, name: key.name })}
                  >
                    {words.limits}
                  </Button>
                )}
              </td>
            </tr>
          )
        })}
      </DataTable>
      {limiting && (
        <LimitsDialog tokenId={limiting.id} name={limiting.name} limits={limiting.limits} onClose={() => setLimiting(null)} />
      )}
    </section>
  )
}

/** `3`, `3 of 200`, or that it is paused. */
export function writesToday({ writesToday: writes, limits }: Pick<Use, 'writesToday' | 'limits'>): string {
  if (limits.paused) return words.paused
  return limits.dailyWrites === null
    ? number(writes)
    : words.ofBudget({ writes: number(writes), budget: number(limits.dailyWrites) })
}
