/** Which columns the list has, which of them a person wants to see, and how wide. */
import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import { useKept } from '../../../platform/react/preferences.ts'
import type { TaskSort } from './search.ts'
import { text } from './text.ts'

const words = text.list.columns

export type ColumnId = keyof typeof words

export type ColumnShape = {
  id: ColumnId
  label: string
  /** Pixels; the title takes what is left. */
  width: number
  /** The order the first press on its head gives. */
  by?: TaskSort
  /** The task cannot be known without it. */
  fixed?: true
  /** Only where somebody asked for it. */
  extra?: true
}

const column = (id: ColumnId, width: number, rest: Partial<ColumnShape> = {}): ColumnShape => ({
  id,
  label: words[id],
  width,
  ...rest,
})

export const allColumns: readonly ColumnShape[] = [
  column('priority', 26, { by: 'priority', fixed: true }),
  column('key', 96, { by: '-number', fixed: true }),
  column('title', 0, { fixed: true }),
  column('status', 132),
  column('category', 110, { extra: true }),
  column('team', 110, { extra: true }),
  column('assignee', 120),
  column('requester', 120),
  column('due', 152, { by: 'due' }),
  column('created', 84, { extra: true }),
  column('updated', 78, { by: '-updatedAt' }),
]

export const [narrowest, widest] = [60, 420]

/** How much there is for the columns that nobody chose. */
export type Room = 'wide' | 'middle' | 'tight'

const isTooMuch = (id: ColumnId, room: Room) => (id === 'requester' && room !== 'wide') || (id === 'updated' && room === 'tight')

type Choice = { shown?: Partial<Record<ColumnId, boolean>>; widths?: Partial<Record<ColumnId, number>> }

export function useRoom(): Room {
  const isWide = useMediaQuery('(width > 80em)') ?? true
  const isTight = useMediaQuery('(56em < width <= 66em)') ?? false
  return isTight ? 'tight' : isWide ? 'wide' : 'middle'
}

/** The columns of this person in this browser, and how to choose others. */
export function useColumns(room: Room) {
  const [kept, keep] = useKept('columns', '{}')
  return useMemo(() => {
    const choice = read(kept)
    const isShown = ({ id, fixed, extra }: ColumnShape) => fixed || (choice.shown?.[id] ?? (!extra && !isTooMuch(id, room)))
    const widthOf = ({ id, width }: ColumnShape) => choice.widths?.[id] ?? width
    const columns = allColumns.filter(isShown)
    // What nobody widened gives way where it is tight, down to two thirds.
    const track = (each: ColumnShape) =>
      choice.widths?.[each.id] || each.id === 'priority' || each.id === 'key'
        ? `${widthOf(each)}px`
        : `minmax(${Math.round(each.width * 0.67)}px, ${each.width}px)`
    const template = columns.map((each) => (each.id === 'title' ? 'minmax(200px, 1fr)' : track(each)))
    const save = (next: Choice) => keep(JSON.stringify({ ...choice, ...next }))
    return {
      columns,
      template: ['34px', ...template].join(' '),
      isShown,
      widthOf,
      show: (id: ColumnId, shown: boolean) => save({ shown: { ...choice.shown, [id]: shown } }),
      resize: (id: ColumnId, width: number) =>
        save({ widths: { ...choice.widths, [id]: Math.round(Math.max(narrowest, Math.min(widest, width))) } }),
      reset: () => keep(null),
      isOwn: kept !== '{}',
    }
  }, [kept, keep, room])
}

export type Columns = ReturnType<typeof useColumns>

function read(kept: string): Choice {
  try {
    return JSON.parse(kept) as Choice
  } catch {
    return {}
  }
}
