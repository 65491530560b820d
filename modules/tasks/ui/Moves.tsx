import { Button, Popover } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { type Category, StateMark, StateShape, stateName } from '../../../platform/react/marks.tsx'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import type { Task } from '../contract.ts'
import { MoveDialog } from './MoveDialog.tsx'
import type { Directory } from './names.ts'
import css from './task.module.css'
import { text } from './text.ts'
import type { TaskEdit } from './use-task-edit.tsx'

const words = text.task

export type Process = Output<'tasks.describe-process'>
type Move = Process['moves'][number]

const progress: Record<string, number> = { new: 0, active: 1, waiting: 1, resolved: 2, closed: 3, cancelled: 4 }

/** The step that most often comes next: forward, and no further than needed. */
export function likelyMove(process: Process): Move | undefined {
  const here = progress[process.category] ?? 1
  const forward = process.moves.filter(
    ({ category }) => category !== 'cancelled' && category !== 'waiting' && (progress[category] ?? 1) >= here,
  )
  return forward.sort((a, b) => (progress[a.category] ?? 1) - (progress[b.category] ?? 1))[0]
}

type MovesProps = {
  task: Task
  process: Process | undefined
  edit: TaskEdit
  directory: Directory
  mayWrite: boolean
  error: unknown
}

/** The legal moves as buttons, the likely one filled; a move that needs fields asks for exactly those. */
export function Moves({ task, process, edit, directory, mayWrite, error }: MovesProps) {
  const [asking, setAsking] = useState<Move | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  if (error) return <ProblemNotice error={error} />
  if (!process) return <div className={css.moves} style={{ minHeight: 32 }} />
  const likely = likelyMove(process)

  const go = async (move: Move) => {
    setProblem(null)
    if (move.missingFields.length > 0) return setAsking(move)
    setBusy(move.to)
    try {
      if (await edit.save({ status: move.to }))
        notifications.show({ message: `${task.key}: ${stateName(move.to)}. ${move.slaEffect}`.trim() })
    } catch (refusal) {
      setProblem(refusal)
    }
    setBusy(null)
  }
  return (
    <>
      <div className={css.moves} role="group" aria-label={words.moves}>
        {mayWrite &&
          process.moves.map((move) => (
            <Button
              key={move.to}
              size="compact-md"
              variant={move === likely ? 'filled' : 'default'}
              leftSection={<StateShape category={move.category as Category} />}
              loading={busy === move.to}
              disabled={busy !== null && busy !== move.to}
              onClick={() => go(move)}
              title={[move.reason, move.slaEffect].filter(Boolean).join(' ')}
            >
              {stateName(move.to)}
              {move.missingFields.length > 0 && '…'}
            </Button>
          ))}
        {mayWrite && process.moves.length === 0 && <span data-muted>{words.noMoves}</span>}
        {process.otherStates.length > 0 && <OtherStates process={process} />}
      </div>
      {problem !== null && <ProblemNotice error={problem} title={words.refusedTitle} />}
      {asking && <MoveDialog task={task} move={asking} edit={edit} people={directory.people} onClose={() => setAsking(null)} />}
    </>
  )
}

/** Every other state with the reason it is not one step away; the reason names the way there. */
function OtherStates({ process }: { process: Process }) {
  return (
    <Popover position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-md" variant="subtle" color="gray">
          {words.otherStates}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={words.otherStatesTitle}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls, so the keyboard must reach it */}
        <ul className={css.others} tabIndex={0}>
          {process.otherStates.map((state) => (
            <li key={state.to}>
              <StateMark status={state.to} category={state.category as Category} />
              <div>{state.reason}</div>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  )
}
