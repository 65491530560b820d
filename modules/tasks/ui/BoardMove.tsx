import { Button, Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useRef, useState } from 'react'
import { type Category, StateShape, stateName } from '../../../platform/react/marks.tsx'
import { messageOf } from '../../../platform/react/page.tsx'
import { useRead } from '../../../platform/react.tsx'
import type { Task } from '../contract.ts'
import type { Move } from './board-columns.ts'
import { MoveDialog } from './MoveDialog.tsx'
import type { Directory } from './names.ts'
import { text } from './text.ts'
import type { Drop } from './use-board-drag.ts'
import { useTaskEdit } from './use-task-edit.tsx'

const words = text.board

type BoardMoveProps = { drop: Drop; directory: Directory; onClose: (movedTo?: string) => void }

/** What follows a drop: which of several states, the fields it needs, the move itself. */
export function BoardMove({ drop, directory, onClose }: BoardMoveProps) {
  const [move, setMove] = useState<Move | null>(drop.moves.length === 1 ? drop.moves[0]! : null)
  const task = useRead('tasks.get', { taskId: drop.row.id }, { staleTime: 0 })
  if (!move) {
    return (
      <Modal opened onClose={() => onClose()} title={words.chooseTitle({ key: drop.row.key })}>
        <p style={{ marginBottom: 12 }}>{words.choose}</p>
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
          {drop.moves.map((each, at) => (
            <Button
              key={each.to}
              variant="default"
              leftSection={<StateShape category={each.category as Category} />}
              onClick={() => setMove(each)}
              {...(at === 0 && { 'data-autofocus': true })}
            >
              {stateName(each.to)}
              {each.missingFields.length > 0 && '…'}
            </Button>
          ))}
        </div>
      </Modal>
    )
  }
  if (!task.data || !task.isFetchedAfterMount) return null
  return <Moving task={task.data} move={move} directory={directory} onClose={onClose} />
}

type MovingProps = { task: Task; move: Move; directory: Directory; onClose: (movedTo?: string) => void }

function Moving({ task, move, directory, onClose }: MovingProps) {
  const edit = useTaskEdit(task)
  const needsFields = move.missingFields.length > 0
  const begun = useRef(false)
  useEffect(() => {
    if (needsFields || begun.current) return
    begun.current = true
    edit
      .save({ status: move.to })
      .then((saved) => {
        const name = stateName(move.to)
        if (saved) notifications.show({ message: `${task.key}: ${name}. ${move.slaEffect}`.trim() })
        onClose(saved ? name : undefined)
      })
      .catch((error) => {
        notifications.show({ color: 'red', title: task.key, message: messageOf(error) })
        onClose()
      })
  })
  return (
    <>
      {needsFields && <MoveDialog task={task} move={move} edit={edit} people={directory.people} onClose={() => onClose()} />}
      {edit.dialogs}
    </>
  )
}
