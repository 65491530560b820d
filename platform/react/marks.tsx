/** Marks that carry meaning by shape and words as well as colour: state, priority, due time. */
import { IconClock, IconClockCheck, IconClockPause, IconClockX } from '@tabler/icons-react'
import { type CSSProperties, createContext, useContext } from 'react'
import css from './marks.module.css'
import { text } from './text.ts'
import { useNow } from './time.tsx'
import { wordOf } from './vocabulary.ts'
import { exactTime, lengthOf } from './words.ts'

export type Category = 'new' | 'active' | 'waiting' | 'resolved' | 'closed' | 'cancelled'

/** One shape per category, so that a dense list reads without colour. */
const shapes: Record<Category, React.ReactNode> = {
  new: <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  active: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M6 2.6a3.4 3.4 0 0 1 0 6.8z" fill="currentColor" />
    </>
  ),
  waiting: <path d="M3.2 1.8v8.4M8.8 1.8v8.4" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />,
  resolved: (
    <path
      d="m1.8 6.4 2.9 3 5.6-6.6"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  closed: <rect x="1.6" y="1.6" width="8.8" height="8.8" rx="1.8" fill="currentColor" />,
  cancelled: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="m2.8 9.2 6.4-6.4" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
}

/** The shape of a state's category alone, for pictures. */
export const StateShape = ({ category }: { category: Category }) => (
  <svg className={css.shape} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
    {shapes[category] ?? shapes.active}
  </svg>
)

/** A state by name, with the shape and colour of its category. */
export function StateMark({ status, category, pill }: { status: string; category: Category; pill?: boolean }) {
  const classes = [css.state, pill && css.pill, category === 'cancelled' && css.struck].filter(Boolean).join(' ')
  return (
    <span className={classes} data-category={category}>
      <StateShape category={category} />
      <span className={css.name}>{stateName(status)}</span>
    </span>
  )
}

/** A state as the screen says it: `InProgress` is `In Progress`. */
export const stateName = wordOf

const bars: Record<string, number> = { critical: 4, high: 3, normal: 2, medium: 2, low: 1 }

export type PriorityLook = { label: string; color: string; rank: number }

/** How the organization calls and colours its priorities, by their names in small letters. */
export const PriorityLooks = createContext<ReadonlyMap<string, PriorityLook>>(new Map())

/** A priority as the organization calls it; an own label counts in every language. */
export const priorityName = (priority: string, looks: ReadonlyMap<string, PriorityLook>) => {
  const look = looks.get(priority.toLowerCase())
  return look && look.label !== priority ? look.label : wordOf(priority)
}
export const usePriorityName = () => {
  const looks = useContext(PriorityLooks)
  return (priority: string) => priorityName(priority, looks)
}

/** Priority as 4 · 3 · 2 · 1 bars; in dense places the name is for screen readers and hover only. */
export function PriorityMark({ priority, bare }: { priority: string; bare?: boolean }) {
  const key = priority.toLowerCase()
  const looks = useContext(PriorityLooks)
  const name = priorityName(priority, looks)
  const color = looks.get(key)?.color
  const filled = bars[key] ?? Math.max(1, 5 - (looks.get(key)?.rank ?? 3))
  return (
    <span className={css.priority} data-priority={key} title={bare ? text.priority({ name }) : undefined}>
      <svg width="14" height="12" viewBox="0 0 14 12" aria-hidden="true" style={color ? { color } : undefined}>
        {[0, 1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={bar * 3.6}
            y={8 - bar * 2.6}
            width="2.4"
            height={4 + bar * 2.6}
            rx="0.8"
            fill="currentColor"
            opacity={bar < filled ? 1 : 0.22}
          />
        ))}
      </svg>
      {bare ? <span data-sr>{text.priority({ name })}</span> : <span>{name}</span>}
    </span>
  )
}

export type CategoryLook = { icon: string; color: string }

/** The icons and colours the organization gave its categories, by their names in small letters. */
export const CategoryLooks = createContext<ReadonlyMap<string, CategoryLook>>(new Map())

/** A category by name, with the icon and colour the organization gave it. */
export function CategoryMark({ category }: { category: string }) {
  const { icon = '', color = '' } = useContext(CategoryLooks).get(category.toLowerCase()) ?? {}
  return (
    <span className={css.category} title={category}>
      {(icon || color) && (
        <span
          className={css.categoryIcon}
          data-bare={icon === '' || undefined}
          style={color ? ({ '--tone': color } as CSSProperties) : undefined}
          aria-hidden="true"
        >
          {icon}
        </span>
      )}
      <span className={css.name} dir="auto">
        {category}
      </span>
    </span>
  )
}

export type DueStanding = 'fine' | 'soon' | 'late' | 'met' | 'paused'

const clocks = { fine: IconClock, soon: IconClock, late: IconClockX, met: IconClockCheck, paused: IconClockPause }

/** A due time: clock, words and, on hover, the exact instant. */
export function DueMark({ standing, words, at }: { standing: DueStanding; words: string; at?: string | null }) {
  const Icon = clocks[standing]
  return (
    <span className={css.due} data-standing={standing} title={at ? exactTime(at) : undefined}>
      <Icon size={15} stroke={1.8} aria-hidden="true" />
      <span className={css.name}>{words}</span>
    </span>
  )
}

type Dated = {
  createdAt: string
  statusCategory: Category
  responseDueAt: string | null
  firstResponseAt: string | null
  resolutionDueAt: string | null
  resolvedAt: string | null
  dueDate: string | null
}

/** The next thing due on a row of a list, or nothing when nothing is. */
export function nextDue(task: Dated): { at: string; isReply: boolean } | null {
  if (!['new', 'active', 'waiting'].includes(task.statusCategory)) return null
  const candidates = [
    !task.firstResponseAt && task.responseDueAt ? { at: task.responseDueAt, isReply: true } : null,
    !task.resolvedAt && task.resolutionDueAt ? { at: task.resolutionDueAt, isReply: false } : null,
    task.dueDate ? { at: task.dueDate, isReply: false } : null,
  ].filter((each) => each !== null)
  return candidates.sort((a, b) => a.at.localeCompare(b.at))[0] ?? null
}

/** How an instant stands: late, soon (three quarters gone) or fine. */
export function standingOf(at: string, since: string, now: number): DueStanding {
  const [due, start] = [Date.parse(at), Date.parse(since)]
  if (due <= now) return 'late'
  return now - start >= 0.75 * (due - start) ? 'soon' : 'fine'
}

/** The due chip of a row. */
export function RowDue({ task }: { task: Dated }) {
  const now = useNow()
  const due = nextDue(task)
  if (!due) return null
  const left = Date.parse(due.at) - now
  const words = text.due[left > 0 ? (due.isReply ? 'replyIn' : 'in') : due.isReply ? 'replyLate' : 'late']({
    time: lengthOf(left),
  })
  return <DueMark standing={standingOf(due.at, task.createdAt, now)} words={words} at={due.at} />
}
