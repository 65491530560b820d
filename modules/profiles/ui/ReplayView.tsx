import { SegmentedControl } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { lazy, Suspense, useMemo, useState } from 'react'
import { number, percent } from '../../../platform/react/i18n.ts'
import { stateName } from '../../../platform/react/marks.tsx'
import { Empty, Waiting } from '../../../platform/react/page.tsx'
import { compileProfile, presets, statusKey, type TaskerProfile } from '../contract.ts'
import type { Selection } from './findings.ts'
import { HistorySource } from './HistorySource.tsx'
import { LogSource } from './LogSource.tsx'
import { type Judgement, judgeLog, type MoveLog } from './log-moves.ts'
import { rulesOfMove } from './move-rules.ts'
import css from './profile.module.css'
import { ReplayTable } from './ReplayTable.tsx'
import replayCss from './replay.module.css'
import { text } from './text.ts'
import { UnknownStates } from './UnknownStates.tsx'

const FlowGraph = lazy(() => import('./FlowGraph.tsx'))
const words = text.replay

export type ReplayLog = { log: MoveLog; preset: string }

/** What this draft would have said to moves that really happened; judged anew with every change of the draft. */
export default function ReplayView({ profileId, document }: { profileId: string; document: TaskerProfile }) {
  const [source, setSource] = useState('history')
  const [logs, setLogs] = useState<Partial<Record<string, ReplayLog>>>({})
  const [meanings, setMeanings] = useState<Record<string, string>>({})
  const profile = useMemo(() => compileProfile(document), [document])
  const chosen = logs[source]
  const judgement = useMemo(
    () => chosen && judgeLog(profile, chosen.log, presets[chosen.preset] ?? presets.generic, meanings),
    [profile, chosen, meanings],
  )
  const take = (log: ReplayLog) => setLogs((before) => ({ ...before, [source]: log }))
  return (
    <div className={replayCss.replay}>
      <div className={css.stageBar}>
        <SegmentedControl
          size="xs"
          aria-label={words.source}
          value={source}
          onChange={setSource}
          data={[
            { value: 'history', label: words.history },
            { value: 'file', label: words.file },
          ]}
        />
        {source === 'history' ? (
          <HistorySource profileId={profileId} onLog={take} log={chosen?.log} />
        ) : (
          <span data-muted className={css.hint}>
            {words.fileHint}
          </span>
        )}
      </div>
      {source === 'file' && <LogSource onLog={take} />}
      {judgement && judgement.moves.length === 0 && judgement.cases === 0 && (
        <Empty title={words.nothing}>{source === 'history' ? words.nothingInHistory : words.nothingInFile}</Empty>
      )}
      {judgement && judgement.cases > 0 && (
        <>
          <Sums judgement={judgement} />
          <UnknownStates
            words={judgement.unknownStates}
            states={profile.states.map(({ status }) => status)}
            meanings={meanings}
            onChange={(word, state) => setMeanings((before) => ({ ...before, [word]: state }))}
          />
          <Result document={document} judgement={judgement} />
        </>
      )}
    </div>
  )
}

/** The numbers in one line: the share that would have gone through, and what would not. */
function Sums({ judgement: { accepted, refused, cases, casesWhollyLegal } }: { judgement: Judgement }) {
  const moves = accepted + refused
  const share = (part: number, all: number) => percent(all === 0 ? 1 : Math.floor((part / all) * 1000) / 1000)
  return (
    <dl className={replayCss.sums} data-figures>
      <div>
        <dt>{words.accepted}</dt>
        <dd>
          {number(accepted)} <small>{share(accepted, moves)}</small>
        </dd>
      </div>
      <div data-kind={refused > 0 ? 'refused' : undefined}>
        <dt>{words.refused}</dt>
        <dd>
          {number(refused)} <small>{share(refused, moves || 1)}</small>
        </dd>
      </div>
      <div>
        <dt>{words.cases}</dt>
        <dd>{number(cases)}</dd>
      </div>
      <div>
        <dt>{words.legal}</dt>
        <dd>
          {number(casesWhollyLegal)} <small>{share(casesWhollyLegal, cases)}</small>
        </dd>
      </div>
    </dl>
  )
}

/** The moves on the flow – wide where many went, red and dashed where it refuses them – and the same as a table. */
function Result({ document, judgement }: { document: TaskerProfile; judgement: Judgement }) {
  const [selection, setSelection] = useState<Selection>(null)
  const isPhone = useMediaQuery('(width <= 48em)') ?? false
  const profile = useMemo(() => compileProfile(document), [document])
  const index = (name: string) => profile.states.findIndex(({ key }) => key === statusKey(name))
  const chosen = selection?.kind === 'move' ? selection : null
  const [from, to] = chosen ? [profile.states[chosen.from], profile.states[chosen.to]] : []
  const seen = from && to && judgement.traffic.moves.get(`${from.key}\n${to.key}`)
  return (
    <div className={css.layout}>
      <div className={css.canvas} data-phone={isPhone || undefined}>
        <Suspense fallback={<Waiting lines={6} />}>
          <FlowGraph profile={profile} selection={selection} onSelect={setSelection} traffic={judgement.traffic} />
        </Suspense>
      </div>
      <section className={css.panel} aria-label={words.moves}>
        <div aria-live="polite" className={replayCss.rule}>
          {from && to ? (
            <>
              <h2>{text.panel.move({ from: stateName(from.status), to: stateName(to.status) })}</h2>
              <p>{seen ? (seen.accepted ? words.allowed : words.wouldRefuse)(seen.count) : words.neverHappened}</p>
              <ul className={css.rules}>
                {rulesOfMove(profile, from, to).map((rule) => (
                  <li key={rule}>{rule}</li>
                ))}
              </ul>
            </>
          ) : (
            <p data-muted>{words.choose}</p>
          )}
        </div>
        <ReplayTable
          moves={judgement.moves}
          isChosen={(move) => chosen !== null && index(move.from) === chosen.from && index(move.to) === chosen.to}
          onSelect={(move) => {
            const [a, b] = [index(move.from), index(move.to)]
            setSelection(a >= 0 && b >= 0 ? { kind: 'move', from: a, to: b } : null)
          }}
        />
      </section>
    </div>
  )
}
