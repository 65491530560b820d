/** The columns of the board and what the process says about each for the card that is lifted. */
import { type Category, stateName } from '../../../platform/react/marks.tsx'
import { useRead } from '../../../platform/react.tsx'
import { compileProfile, defaultLifecycle } from '../../profiles/contract.ts'
import type { TaskRow } from '../contract.ts'
import { documentOf } from './document.ts'
import type { Process } from './Moves.tsx'
import type { TaskSearch } from './search.ts'
import { text } from './text.ts'

const words = text.board

export type BoardColumnShape = {
  id: string
  label: string
  category: Category
  /** What narrows the list to this column. */
  filter: Partial<TaskSearch>
  /** Why it shows no cards although there may be some. */
  closed?: string
}

export type Move = Process['moves'][number]

const categories: readonly Category[] = ['new', 'active', 'waiting', 'resolved', 'closed', 'cancelled']
const openCategories: readonly Category[] = ['new', 'active', 'waiting']

/** By kind of state; by the states themselves when all cards follow one profile. */
export function useBoardColumns(search: TaskSearch): readonly BoardColumnShape[] | undefined {
  const { profileId } = search
  const isOne = profileId !== undefined && profileId !== 'none'
  const profile = useRead('profiles.get', { profileId: profileId ?? '' }, { enabled: isOne, staleTime: 60_000 })
  if (!isOne && profileId === undefined) {
    return categories
      .filter((category) => !search.statusCategory || search.statusCategory.includes(category))
      .map((category) => ({
        id: category,
        label: words.columns[category],
        category,
        filter: { statusCategory: [category] },
        closed: closedBy(search, category),
      }))
  }
  if (isOne && !profile.data) return undefined
  const { states } = compileProfile(isOne ? documentOf(profile.data!) : defaultLifecycle)
  return states.map(({ status, category }) => ({
    id: status,
    label: stateName(status),
    category,
    filter: { status: [status] },
    closed: closedBy(search, category),
  }))
}

function closedBy({ open }: TaskSearch, category: Category) {
  if (open === undefined || open === openCategories.includes(category)) return undefined
  return open ? words.filteredOut : words.settledOut
}

const holds = (column: BoardColumnShape, status: string, category: string) =>
  'status' in column.filter ? column.id === status : column.id === category

/** Whether a task stands in the column. */
export const isIn = (column: BoardColumnShape, row: TaskRow) => holds(column, row.status, row.statusCategory)

/** The moves that lead into a column, or why none does. */
export function judge(column: BoardColumnShape, row: TaskRow, process: Process): { moves: Move[]; reason: string | null } {
  if (isIn(column, row)) return { moves: [], reason: words.here }
  const moves = process.moves.filter(({ to, category }) => holds(column, to, category))
  if (moves.length > 0) return { moves, reason: null }
  const other = process.otherStates.find(({ to, category }) => holds(column, to, category))
  return { moves: [], reason: other?.reason ?? words.noState }
}
