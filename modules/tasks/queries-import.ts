/** SQL that writes many tasks at once. One JSON value per statement, so its text is the same whatever the number of rows. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'
import { columnOf } from './queries.ts'

const fields = (
  'id number version title description category subCategory symptomCode tags source priority priorityRank impact urgency severity tier ' +
  'requesterEmail requesterName contactEmail contactName assignedToEmail assignedToName teamId status statusCategory profileId profileVersion ' +
  'isMajorIncident dueDate responseDueAt resolutionDueAt slaId slaName sla firstResponseAt resolvedAt closedAt resolutionCode resolutionNotes ' +
  'rootCauseCode rootCauseAnalysis businessService configurationItems linkedProblemId linkedTaterEntityType linkedTaterEntityId visibility ' +
  'externalRefs customFields createdAt createdBy updatedAt updatedBy'
).split(' ')

const columns = sql.raw(fields.map(columnOf).join(', '))

type Row = Record<string, unknown>

export const insertTasks = (db: Db, rows: Row[]) => {
  const json = JSON.stringify(rows.map((row) => Object.fromEntries(fields.map((field) => [columnOf(field), row[field] ?? null]))))
  return sql`insert into tasks (${columns}) select ${columns} from json_populate_recordset(null::tasks, ${json}::json)`.execute(
    db,
  )
}

/** The words of title and description, by the weights every task's have (queries.ts). */
export const insertWords = (db: Db, rows: Row[]) => {
  const json = JSON.stringify(rows.map(({ id, title, description }) => ({ id, title, description })))
  return sql`insert into task_search (task_id, document)
    select id, setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', left(description, 10000)), 'B')
    from json_to_recordset(${json}::json) as task(id uuid, title text, description text)`.execute(db)
}

export const insertWatchers = (db: Db, rows: { task_id: string; email: string }[]) =>
  sql`insert into task_watchers (task_id, email)
    select task_id, email from json_to_recordset(${JSON.stringify(rows)}::json) as watcher(task_id uuid, email text)`.execute(db)
