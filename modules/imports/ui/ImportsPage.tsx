import { Button, Select } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { upload } from '../../../platform/client.ts'
import { FileDrop } from '../../../platform/react/file-drop.tsx'
import { DataTable, Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useRead, useRefresh } from '../../../platform/react.tsx'
import type { Import } from '../contract.ts'
import css from './import.module.css'
import { text } from './text.ts'

/** Files that were brought in, and the place to bring one. */
export default function ImportsPage() {
  const imports = useRead('imports.list', {})
  const items = imports.data?.items ?? []
  return (
    <Page title={text.title} lead={text.lead}>
      <Upload />
      <ProblemNotice error={imports.error} />
      {imports.isPending && !imports.error && <Waiting lines={3} />}
      {imports.data && items.length === 0 && <Empty title={text.empty}>{text.emptyBody}</Empty>}
      {items.length > 0 && (
        <DataTable cards label={text.title} head={[...Object.values(text.head), '']}>
          {items.map((each) => (
            <tr key={each.id}>
              <td>{each.fileName}</td>
              <td>{each.kind === 'csv' ? text.csv : text.servicenow}</td>
              <td>{text.statuses[each.status]}</td>
              <td>{each.totalRows === null ? '–' : text.rows({ done: each.doneRows, total: each.totalRows })}</td>
              <td>
                <Time at={each.createdAt} />
              </td>
              <td>
                <Link to="/imports/$id" params={{ id: each.id }} aria-label={`${text.open} ${each.fileName}`}>
                  {text.open}
                </Link>
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </Page>
  )
}

function Upload() {
  const navigate = useNavigate()
  const refresh = useRefresh()
  const [kind, setKind] = useState<Import['kind']>('csv')
  const [file, setFile] = useState<File | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!file) return
    setBusy(true)
    setProblem(null)
    try {
      const made = (await upload('/api/imports', { kind }, file)) as Import
      await refresh('imports')
      navigate({ to: '/imports/$id', params: { id: made.id } })
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit} className={css.upload}>
      <ProblemNotice error={problem} />
      <div className={css.uploadRow}>
        <Select
          label={text.kind}
          data={[
            { value: 'csv', label: text.csv },
            { value: 'servicenow', label: text.servicenow },
          ]}
          value={kind}
          allowDeselect={false}
          onChange={(next) => setKind((next ?? 'csv') as Import['kind'])}
        />
        <FileDrop
          label={text.file}
          prompt={text.drop}
          file={file}
          onChoose={setFile}
          accept=".csv,.zip,.json,.ndjson,.xml,.xlsx,text/csv"
        />
        <Button type="submit" leftSection={<IconUpload size={16} />} loading={busy} disabled={!file}>
          {text.upload}
        </Button>
      </div>
    </form>
  )
}
