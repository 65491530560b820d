/** The frame of a page's content, and what it says while waiting, when empty and when refused. */
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { type CSSProperties, type ReactNode, useEffect, useState } from 'react'
import { ProblemResponse } from '../client.ts'
import css from './page.module.css'
import { text } from './text.ts'

type PageProps = { title: string; actions?: ReactNode; lead?: ReactNode; wide?: boolean; children: ReactNode }

/** A page with its heading; the browser's title follows. */
export function Page({ title, actions, lead, wide, children }: PageProps) {
  useTitle(title)
  return (
    <div className={wide ? `${css.page} ${css.wide}` : css.page}>
      <div className={css.head}>
        <h1>{title}</h1>
        {actions}
      </div>
      {lead && <p className={css.lead}>{lead}</p>}
      {children}
    </div>
  )
}

/** Names the tab after what is on the page. */
export function useTitle(title: string | undefined) {
  useEffect(() => {
    document.title = title ? `${title} · TATER Ops` : 'TATER Ops'
  }, [title])
}

type NoticeProps = { kind?: 'problem' | 'warning' | 'info'; title?: ReactNode; children?: ReactNode; live?: boolean }

/** A sentence that must be read; `live` announces it when it appears. */
export function Notice({ kind = 'info', title, children, live }: NoticeProps) {
  const Icon = kind === 'info' ? IconInfoCircle : IconAlertTriangle
  return (
    <div className={css.notice} data-kind={kind} role={live ? (kind === 'problem' ? 'alert' : 'status') : undefined}>
      <Icon size={18} aria-hidden="true" />
      <div className={css.noticeBody}>
        {title && <div className={css.noticeTitle}>{title}</div>}
        {children}
      </div>
    </div>
  )
}

/** What the server said, as a sentence; with several problems each, unless they stand beside their fields (`brief`). */
export function ProblemNotice({ error, title, brief }: { error: unknown; title?: string; brief?: boolean }) {
  if (!error) return null
  const body = error instanceof ProblemResponse ? error.body : null
  const more = !brief && body?.problems?.length && body.problems.length > 1 ? body.problems : []
  return (
    <Notice kind="problem" title={title} live>
      <div>{messageOf(error)}</div>
      {more.length > 0 && (
        <ul>
          {more.map((each) => (
            <li key={each.field + each.code}>{each.message}</li>
          ))}
        </ul>
      )}
      {body?.status === 500 && body.instance && <div data-muted>{text.requestId({ id: body.instance })}</div>}
    </Notice>
  )
}

/** The sentence of any failure. */
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : text.unknownProblem)

/** Nothing here: why, and what to do about it. */
export function Empty({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={css.empty}>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className={css.emptyActions}>{actions}</div>}
    </div>
  )
}

/** True once something has lasted longer than 150 ms, so that fast answers do not flash. */
export function useSlow(busy: boolean) {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!busy) return setSlow(false)
    const timer = setTimeout(() => setSlow(true), 150)
    return () => clearTimeout(timer)
  }, [busy])
  return slow && busy
}

const widths = [90, 73, 56, 84, 67, 50, 78, 61, 89, 72, 55, 83]

/** A skeleton of lines, shown only when the wait is long enough to notice. */
export function Waiting({ lines = 5 }: { lines?: number }) {
  const slow = useSlow(true)
  return (
    <div className={css.waiting} role="status" aria-label={text.loading}>
      {slow && widths.slice(0, lines).map((width) => <span key={width} style={{ width: `${width}%` }} />)}
    </div>
  )
}

type DataTableProps = { label: string; head: readonly string[]; children: ReactNode; cards?: boolean }

/** The heads of the columns for the style sheet, which shows them beside the cells of a card. */
const headsOf = (head: readonly string[]) =>
  Object.fromEntries(head.map((cell, n) => [`--head-${n + 1}`, JSON.stringify(cell)])) as CSSProperties

/** A plain table with the house's rows; with `cards` each row is a card on a phone, so that its actions stay in sight. */
export const DataTable = ({ label, head, children, cards }: DataTableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls sideways, so the keyboard must reach it
  <div className={css.scroll} role="group" aria-label={label} tabIndex={0}>
    <table className={css.table} data-cards={cards || undefined} style={cards ? headsOf(head) : undefined}>
      <thead>
        <tr>
          {head.map((cell) =>
            cell === '' ? (
              <td key="actions" />
            ) : (
              <th key={cell} scope="col">
                {cell}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)
