import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useHappenings } from '../../../platform/react/live.ts'
import { Waiting } from '../../../platform/react/page.tsx'
import { useMay } from '../../../platform/react.tsx'
import { BoardCard } from './BoardCard.tsx'
import { BoardColumn } from './BoardColumn.tsx'
import { BoardMove } from './BoardMove.tsx'
import css from './board.module.css'
import { useBoardColumns } from './board-columns.ts'
import type { Directory } from './names.ts'
import type { TaskSearch } from './search.ts'
import { text } from './text.ts'
import { type Drop, useBoardDrag } from './use-board-drag.ts'

const words = text.board

/** The tasks in columns. A card asks its process where it may go, and says why it may not go elsewhere. */
export default function Board({ search, directory }: { search: TaskSearch; directory: Directory }) {
  const may = useMay()
  const columns = useBoardColumns(search)
  const scroller = useRef<HTMLElement>(null)
  const [moving, setMoving] = useState<Drop | null>(null)
  const drag = useBoardDrag({
    columns: columns ?? [],
    scroller,
    onDrop: setMoving,
    onRefused: (row, reason) => notifications.show({ color: 'red', title: row.key, message: reason }),
  })
  useFreshCards(drag.lifted !== null)
  if (!columns) {
    return (
      <div style={{ padding: '0 20px' }}>
        <Waiting lines={8} />
      </div>
    )
  }
  return (
    <>
      <p data-sr id="board-help">
        {words.help}
      </p>
      <section ref={scroller} className={css.board} aria-label={words.label} data-lifted={drag.lifted !== null}>
        {columns.map((column) => (
          <BoardColumn
            key={column.id}
            column={column}
            search={search}
            drag={drag}
            mayMove={may('tasks.write')}
            names={directory.names}
          />
        ))}
      </section>
      {drag.lifted?.at && (
        <div
          className={css.ghost}
          style={{ translate: `${drag.lifted.at.x + 8}px ${drag.lifted.at.y + 8}px` }}
          aria-hidden="true"
        >
          <BoardCard row={drag.lifted.row} names={directory.names} />
        </div>
      )}
      <div data-sr aria-live="assertive">
        {drag.said}
      </div>
      {moving && (
        <BoardMove
          drop={moving}
          directory={directory}
          onClose={(to) => {
            if (to) drag.setSaid(words.dropped({ key: moving.row.key, to }))
            setMoving(null)
          }}
        />
      )}
    </>
  )
}

const freshAfterMs = 1_000

/** Cards follow what others do, but not while one is in the hand. */
function useFreshCards(isLifted: boolean) {
  const cache = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const held = useRef(isLifted)
  held.current = isLifted
  const read = () => {
    timer.current = undefined
    if (held.current) timer.current = setTimeout(read, freshAfterMs)
    else cache.invalidateQueries({ queryKey: ['tasks', 'tasks.list'] })
  }
  useHappenings((happenings) => {
    if (happenings.length > 0 && !happenings.some(({ action }) => action.startsWith('task.'))) return
    timer.current ??= setTimeout(read, freshAfterMs)
  })
  useEffect(() => () => clearTimeout(timer.current), [])
}
