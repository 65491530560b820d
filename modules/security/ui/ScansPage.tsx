import { Button, Checkbox, Modal, NumberInput, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAdjustments, IconUpload } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ProblemResponse, upload } from '../../../platform/client.ts'
import { FileDrop } from '../../../platform/react/file-drop.tsx'
import { number } from '../../../platform/react/i18n.ts'
import { DataTable, Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useChange, useMay, usePages, useRead, useRefresh } from '../../../platform/react.tsx'
import type { Problem, Scan, SecuritySettings } from '../contract.ts'
import { scoreText } from './marks.tsx'
import css from './security.module.css'
import { text } from './text.ts'

const words = text.scans

/** The scans that came in, and the place to bring one. */
export default function ScansPage() {
  const may = useMay()
  const scans = usePages('scans.list', {})
  const [ruling, setRuling] = useState(false)
  const items = scans.items
  const actions = may('security.manage') && (
    <Button variant="default" leftSection={<IconAdjustments size={16} />} onClick={() => setRuling(true)}>
      {words.rules}
    </Button>
  )
  return (
    <Page title={words.title} lead={words.lead} actions={actions}>
      {may('scans.import') && <Upload />}
      <ProblemNotice error={scans.error} />
      {!items && !scans.error && <Waiting lines={4} />}
      {items?.length === 0 && <Empty title={words.empty}>{words.emptyBody}</Empty>}
      {items && items.length > 0 && (
        <DataTable
          label={words.list}
          head={[words.source, words.scanned, words.score, words.fail, words.pass, words.state, words.rows]}
        >
          {items.map((scan) => (
            <tr key={scan.id}>
              <td className={css.titleCell}>
                <Link to="/security/scans/$id" params={{ id: scan.id }} dir="auto">
                  {scan.source ?? scan.fileName}
                </Link>
              </td>
              <td>
                <Time at={scan.scannedAt ?? scan.createdAt} />
              </td>
              <td className={css.number}>{scoreText(scan.score)}</td>
              <td className={css.number}>{scan.status === 'finished' ? number(scan.failed) : ''}</td>
              <td className={css.number}>{scan.status === 'finished' ? number(scan.passed) : ''}</td>
              <td>{words.statuses[scan.status]}</td>
              <td className={css.number}>{scan.totalRows === null ? '' : number(scan.totalRows)}</td>
            </tr>
          ))}
        </DataTable>
      )}
      {scans.hasNextPage && (
        <Button mt="sm" variant="default" onClick={() => scans.fetchNextPage()} loading={scans.isFetchingNextPage}>
          {words.more}
        </Button>
      )}
      {ruling && <Rules onClose={() => setRuling(false)} />}
    </Page>
  )
}

function Upload() {
  const navigate = useNavigate()
  const refresh = useRefresh()
  const [file, setFile] = useState<File | null>(null)
  const [source, setSource] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!file) return
    setBusy(true)
    setProblem(null)
    try {
      const scan = (await upload('/api/security/scans', source.trim() ? { source: source.trim() } : {}, file)) as Scan
      await Promise.all([refresh('scans'), refresh('security')])
      if (scan.status === 'duplicate') notifications.show({ message: words.duplicate({ fileName: file.name }) })
      navigate({ to: '/security/scans/$id', params: { id: scan.duplicateOf ?? scan.id } })
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  const choose = (next: File | null) => {
    setFile(next)
    setProblem(null)
  }
  return (
    <form onSubmit={submit} className={css.upload}>
      <ProblemNotice error={problem} brief />
      <Problems problems={problemsOf(problem)} />
      <div className={css.uploadRow}>
        <FileDrop label={words.file} prompt={words.drop} file={file} onChoose={choose} help={words.formats} />
        <TextInput
          label={words.source}
          description={words.sourceHelp}
          inputWrapperOrder={['label', 'input', 'description']}
          value={source}
          maxLength={120}
          onChange={(event) => setSource(event.currentTarget.value)}
          className={css.field}
        />
        <Button type="submit" leftSection={<IconUpload size={16} />} loading={busy} disabled={!file} mt={20}>
          {words.send}
        </Button>
      </div>
    </form>
  )
}

const problemsOf = (error: unknown) =>
  error instanceof ProblemResponse ? ((error.body as { problems?: unknown }).problems as Problem[] | undefined) : undefined

/** Each place of a file that is wrong. */
export function Problems({ problems }: { problems: readonly Problem[] | undefined }) {
  if (!problems || problems.length < 2) return null
  return (
    <DataTable label={words.problems} head={[words.line, words.place, words.problem]}>
      {problems.map(({ line, path, message }) => (
        <tr key={`${line} ${path} ${message}`}>
          <td className={css.number}>{line === null ? '' : number(line)}</td>
          <td>
            <code>{path}</code>
          </td>
          <td>{message}</td>
        </tr>
      ))}
    </DataTable>
  )
}

function Rules({ onClose }: { onClose: () => void }) {
  const settings = useRead('security.settings', {})
  return (
    <Modal opened onClose={onClose} title={words.rulesTitle}>
      <ProblemNotice error={settings.error} />
      {settings.data ? <RulesForm settings={settings.data} onClose={onClose} /> : <Waiting lines={3} />}
    </Modal>
  )
}

function RulesForm({ settings, onClose }: { settings: SecuritySettings; onClose: () => void }) {
  const change = useChange()
  const [staleAfterDays, setDays] = useState(settings.staleAfterDays)
  const [openTasks, setOpenTasks] = useState(settings.openTasks)
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await change('security.save-settings', { staleAfterDays, openTasks, ifVersion: settings.version })
      notifications.show({ message: words.rulesSaved })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <form onSubmit={submit} className={css.form}>
      <ProblemNotice error={problem} />
      <NumberInput
        label={words.stale}
        min={1}
        max={365}
        allowDecimal={false}
        value={staleAfterDays}
        onChange={(next) => setDays(Number(next) || 1)}
        maw={220}
      />
      <Checkbox
        label={words.openTasks}
        description={words.openTasksHelp}
        checked={openTasks}
        onChange={(event) => setOpenTasks(event.currentTarget.checked)}
      />
      <div className={css.formActions}>
        <Button type="submit">{text.form.save}</Button>
        <Button variant="default" onClick={onClose}>
          {text.form.cancel}
        </Button>
      </div>
    </form>
  )
}
