import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import { DataTable, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useChange, useRead } from '../../../platform/react.tsx'
import { taskFields } from '../../profiles/contract.ts'
import css from './import.module.css'
import { text } from './text.ts'

/** Beside the fields of a task, what an import may fill in. */
const others = ['status', 'createdAt', 'resolvedAt', 'closedAt', 'externalId', 'comment']

/** What each column becomes, with the first rows as they would turn out. */
export function Mapping({ importId, onStarted }: { importId: string; onStarted: () => void }) {
  const preview = useRead('imports.preview', { importId })
  const profiles = useRead('profiles.list', {}).data?.items ?? []
  const change = useChange()
  const [changed, setChanged] = useState<Record<string, string>>({})
  const [profileId, setProfileId] = useState<string>('')
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  if (!preview.data) return preview.error ? <ProblemNotice error={preview.error} /> : <Waiting />
  const { columns, suggestedMapping, rows } = preview.data
  const mapping: Record<string, string> = { ...suggestedMapping, ...changed }
  const known = new Set([...taskFields.map(({ key }) => key), ...others])
  const fields = [
    { value: '', label: text.ignore },
    ...taskFields.map(({ key, label }) => ({ value: key, label })),
    ...[...new Set([...others, ...Object.values(suggestedMapping).filter((key) => !known.has(key))])].map((key) => ({
      value: key,
      label: key,
    })),
  ]

  const start = async () => {
    setBusy(true)
    try {
      const chosen = Object.fromEntries(Object.entries(mapping).filter(([, field]) => field !== ''))
      await change('imports.start', { importId, mapping: chosen, ...(profileId && { profileId }) })
      onStarted()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <>
      <ProblemNotice error={problem} />
      <section aria-label={text.mapping}>
        <h2>{text.mapping}</h2>
        <p data-muted>{text.mappingLead}</p>
        <DataTable label={text.mapping} head={[...text.mappingHead]}>
          {columns.map((column) => (
            <tr key={column}>
              <th scope="row" style={{ color: 'var(--text)' }}>
                {column}
              </th>
              <td>
                <Select
                  size="xs"
                  w={240}
                  searchable
                  aria-label={column}
                  data={fields}
                  value={mapping[column] ?? ''}
                  allowDeselect={false}
                  onChange={(field) => setChanged((before) => ({ ...before, [column]: field ?? '' }))}
                />
              </td>
            </tr>
          ))}
        </DataTable>
      </section>
      <section className={css.section} aria-label={text.preview}>
        <h2>{text.preview}</h2>
        <DataTable label={text.preview} head={[...text.previewHead]}>
          {rows.map((row) => (
            <tr key={row.line}>
              <td>{row.line}</td>
              <td>
                <bdi>{row.title}</bdi>
              </td>
              <td style={row.ok ? undefined : { color: 'var(--red)' }}>{row.ok ? text.ready : row.message}</td>
            </tr>
          ))}
        </DataTable>
      </section>
      <div className={css.section} style={{ display: 'flex', flexWrap: 'wrap', gap: 12, alignItems: 'flex-end' }}>
        <Select
          label={text.profile}
          description={text.profileHelp}
          data={[{ value: '', label: text.noProfile }, ...profiles.map(({ id, name }) => ({ value: id, label: name }))]}
          value={profileId}
          allowDeselect={false}
          onChange={(next) => setProfileId(next ?? '')}
        />
        <Button onClick={start} loading={busy}>
          {text.start}
        </Button>
      </div>
    </>
  )
}
