import { Link } from '@tanstack/react-router'
import { useMay, useRead } from '../../../platform/react.tsx'
import css from './task.module.css'
import { text } from './text.ts'

type LinkedRecordProps = { type: string | null; id: string | null }

/** The record of the security register a task is linked to, by name; goes there. */
export function LinkedRecord({ type, id }: LinkedRecordProps) {
  const may = useMay()
  const kept = type !== null && id !== null && type !== 'service-catalog'
  const record = useRead(
    'security.get',
    { recordId: id ?? '' },
    { enabled: kept && may('security.read'), staleTime: 60_000 },
  ).data
  if (!kept || !record) return null
  return (
    <section className={css.sideSection} aria-label={text.task.linkedRecord}>
      <h2>{text.task.linkedRecord}</h2>
      <Link to={'/security/records' as '/'} search={{ type: record.type, record: record.reference } as never} dir="auto">
        {record.reference} · {record.title}
      </Link>
    </section>
  )
}
