import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { DataTable, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useChange, useRead } from '../../../platform/react.tsx'
import css from './import.module.css'
import { text } from './text.ts'

type Fields = Output<'imports.preview'>['fields']
type Values = Record<string, Record<string, string>>

/** What each column becomes, judged under the chosen profile with the file's own first rows; nothing is written before the start. */
export function Mapping({ importId, onStarted }: { importId: string; onStarted: () => void }) {
  const [changed, setChanged] = useState<Record<string, string>>({})
  const [values, setValues] = useState<Values>({})
  const [profileId, setProfileId] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const profiles = useRead('profiles.list', {}).data?.items ?? []
  const change = useChange()
  const first = useRead('imports.preview', { importId }, { staleTime: 60_000 })
  const mapping: Record<string, string> = { ...first.data?.suggestedMapping, ...changed }
  const preview = useRead(
    'imports.preview',
    { importId, mapping: JSON.stringify(mapping), values: JSON.stringify(values), ...(profileId && { profileId }) },
    { enabled: first.data !== undefined, keepPrevious: true },
  )
  if (!first.data) return first.error ? <ProblemNotice error={first.error} /> : <Waiting />
  const { columns } = first.data
  const { fields, rows } = preview.data ?? first.data
  const choices = [
    { value: '', label: text.ignore },
    ...fields.map(({ field, label, required }) => ({ value: field, label: required ? `${label} (${text.required})` : label })),
  ]

  const start = async () => {
    setBusy(true)
    try {
      await change('imports.start', { importId, mapping, values, ...(profileId && { profileId }) })
      onStarted()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <>
      <ProblemNotice error={problem ?? preview.error} />
      <Select
        label={text.profile}
        description={text.profileHelp}
        maw={420}
        mb="md"
        data={[{ value: '', label: text.noProfile }, ...profiles.map(({ id, name }) => ({ value: id, label: name }))]}
        value={profileId}
        allowDeselect={false}
        onChange={(next) => setProfileId(next ?? '')}
      />
      <section aria-label={text.mapping}>
        <h2>{text.mapping}</h2>
        <p data-muted>{text.mappingLead}</p>
        <DataTable label={text.mapping} head={Object.values(text.mappingHead)}>
          {columns.map((column) => (
            <tr key={column}>
              <th scope="row" style={{ color: 'var(--text)' }}>
                {column}
              </th>
              <td>
                <Select
                  size="xs"
                  w={260}
                  searchable
                  aria-label={column}
                  data={choices}
                  value={mapping[column] ?? ''}
                  allowDeselect={false}
                  onChange={(field) => setChanged((before) => ({ ...before, [column]: field ?? '' }))}
                />
              </td>
            </tr>
          ))}
        </DataTable>
      </section>
      <OtherWords
        fields={fields.filter(({ field }) => Object.values(mapping).includes(field))}
        values={values}
        onChange={setValues}
      />
      <section className={css.section} aria-label={text.preview}>
        <h2>{text.preview}</h2>
        <p data-muted role="status">
          {text.verdict({ ready: rows.filter(({ ok }) => ok).length, all: rows.length })}
        </p>
        <DataTable label={text.preview} head={Object.values(text.previewHead)}>
          {rows.map((row) => (
            <tr key={row.line}>
              <td>{row.line}</td>
              <td>
                <bdi>{row.title}</bdi>
              </td>
              <td style={row.ok ? undefined : { color: 'var(--red)' }}>{row.message ?? text.ready}</td>
            </tr>
          ))}
        </DataTable>
      </section>
      <div className={css.section}>
        <Button onClick={start} loading={busy} disabled={rows.length > 0 && !rows.some(({ ok }) => ok)}>
          {text.start}
        </Button>
      </div>
    </>
  )
}

/** For fields with a list: what words become that are not on it. */
function OtherWords({ fields, values, onChange }: { fields: Fields; values: Values; onChange: (values: Values) => void }) {
  const listed = fields.filter(({ choices }) => choices !== undefined)
  if (listed.length === 0) return null
  return (
    <section className={css.section} aria-label={text.words}>
      <h2>{text.words}</h2>
      <p data-muted>{text.wordsLead}</p>
      <div className={css.words}>
        {listed.map(({ field, label, choices }) => (
          <Select
            key={field}
            label={label}
            placeholder={text.wordsRefused}
            clearable
            data={[...new Set(choices)]}
            value={values[field]?.['*'] ?? null}
            onChange={(to) => {
              const { [field]: _, ...rest } = values
              onChange(to === null ? rest : { ...rest, [field]: { '*': to } })
            }}
          />
        ))}
      </div>
    </section>
  )
}
