import { Button, FileButton, Progress, Select } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { type DragEvent, useEffect, useRef, useState } from 'react'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { sizeInWords } from '../../../platform/react/words.ts'
import { presets } from '../contract.ts'
import { type Columns, columnsOf, type LogAnswer, type LogRequest, peek, presetOf } from './log-file.ts'
import type { ReplayLog } from './ReplayView.tsx'
import replayCss from './replay.module.css'
import { text } from './text.ts'

const words = text.replay

type Chosen = { file: File; names: string[]; rows: string[][]; preset: string; columns: Columns }

/** A log file of another system: which columns hold case, time and state. The file never leaves the browser. */
export function LogSource({ onLog }: { onLog: (log: ReplayLog) => void }) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [share, setShare] = useState<number | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const worker = useRef<Worker>(null)
  useEffect(() => () => worker.current?.terminate(), [])

  const open = async (file: File | null) => {
    if (!file) return
    setProblem(null)
    const { columns: names, rows } = await peek(file)
    const preset = presetOf(names)
    setChosen({ file, names, rows, preset, columns: columnsOf(names, presets[preset] ?? presets.generic) })
  }
  const run = ({ file, preset, columns }: Chosen) => {
    worker.current?.terminate()
    setShare(0)
    setProblem(null)
    const thread = new Worker(new URL('./log-worker.ts', import.meta.url), { type: 'module' })
    worker.current = thread
    const finish = () => {
      thread.terminate()
      setShare(null)
    }
    thread.onerror = () => {
      setProblem(new Error(words.unreadable))
      finish()
    }
    thread.onmessage = ({ data }: MessageEvent<LogAnswer>) => {
      if (data.kind === 'progress') return setShare(data.share)
      if (data.kind === 'failed') setProblem(new Error(data.message))
      else onLog({ log: data.log, preset })
      finish()
    }
    thread.postMessage({ file, preset, columns } satisfies LogRequest)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    open(event.dataTransfer.files[0] ?? null)
  }
  const set = (part: Partial<Chosen>) => setChosen((before) => before && { ...before, ...part })
  const column = (key: keyof Columns) => (
    <Select
      size="xs"
      label={words.columns[key]}
      data={chosen!.names}
      value={chosen!.columns[key] || null}
      onChange={(next) => set({ columns: { ...chosen!.columns, [key]: next ?? '' } })}
      description={sampleOf(chosen!, chosen!.columns[key])}
    />
  )
  const isReady = chosen !== null && chosen.columns.case !== '' && chosen.columns.status !== ''
  return (
    <section aria-label={words.file} className={replayCss.source} onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <ProblemNotice error={problem} />
      <div className={replayCss.pick}>
        <FileButton onChange={open} accept=".csv,.tsv,.txt,text/csv">
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileUpload size={16} />}>
              {chosen ? words.otherFile : words.chooseFile}
            </Button>
          )}
        </FileButton>
        <span data-muted>{chosen ? `${chosen.file.name}, ${sizeInWords(chosen.file.size)}` : words.drop}</span>
      </div>
      {chosen && (
        <>
          <div className={replayCss.columns}>
            <Select
              size="xs"
              label={words.preset}
              data={Object.entries(presets).map(([value, { name }]) => ({ value, label: name }))}
              value={chosen.preset}
              allowDeselect={false}
              onChange={(preset) => set({ preset: preset! })}
            />
            {column('case')}
            {column('time')}
            {column('status')}
          </div>
          <div className={replayCss.pick}>
            <Button onClick={() => run(chosen)} disabled={!isReady} loading={share !== null}>
              {words.run}
            </Button>
            {share !== null && (
              <Progress value={share * 100} aria-label={words.reading} className={replayCss.progress} transitionDuration={0} />
            )}
          </div>
        </>
      )}
    </section>
  )
}

const sampleOf = ({ names, rows }: Chosen, column: string) => {
  const samples = rows.map((row) => row[names.indexOf(column)]).filter(Boolean)
  return samples.length > 0 ? words.sample({ values: [...new Set(samples)].join(', ') }) : undefined
}
