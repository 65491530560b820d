/**
 * The verdict on a row: the task it becomes, or why it becomes none. The preview and the import ask the same functions, so
 * what the one says the other does.
 */

import { asProblem } from '../../platform/problem.ts'
import type { TableRow } from '../../platform/table-file.ts'
import type { EvaluationContext } from '../profiles/contract.ts'
import type { BoundProfile } from '../profiles/operations.ts'
import { NewTask } from '../tasks/contract.ts'
import { type Draft, draftHistory, draftTask, walkTo } from '../tasks/operations.ts'
import { checkMapping, type Reading, rowReader } from './mapping.ts'
import { type Incident, readIncident } from './servicenow.ts'

/** What one task is made of: a row of a CSV, or an incident of a log. */
export type Entry = TableRow | Incident

export type Verdict = {
  line: number
  title: string
  /** Its key in the other system; one that was imported before stays as it is. */
  key: string | null
  draft: Draft | null
  /** Why there is no draft. */
  message: string | null
  /** What was left out of the draft. */
  notice: string | null
}

export type Judge = (entry: Entry) => Verdict

export type Judging = Reading & {
  kind: 'csv' | 'servicenow'
  bound: BoundProfile
  context: EvaluationContext
  /** When and by whom rows without a past are made. */
  made: { at: Date; by: string }
}

export const judgeOf = (judging: Judging): Judge => (judging.kind === 'csv' ? csvJudge(judging) : historyJudge(judging)) as Judge

function csvJudge(judging: Judging) {
  const { bound, context, made, columns } = judging
  checkMapping(judging, bound.profile)
  const read = rowReader(judging, bound.profile)
  return (row: TableRow): Verdict => {
    const { fields, key, status } = read(row)
    const verdict = { line: row.line, title: String(fields.title ?? ''), key, draft: null, message: null, notice: null }
    if (row.values.length !== columns.length) {
      const has = `${row.values.length} ${row.values.length === 1 ? 'value' : 'values'}`
      return {
        ...verdict,
        message: `This row has ${has}, the header names ${columns.length} columns. Quote values that hold the separator.`,
      }
    }
    if (key !== null && key.length > 200)
      return { ...verdict, key: null, message: 'The key (externalId) has more than 200 characters.' }
    return judged(verdict, () => {
      const draft = draftTask(bound, NewTask.parse({ ...fields, profileId: bound.profileId }), context, made)
      if (status !== null) walkTo(bound, draft, status, context)
      return draft
    })
  }
}

function historyJudge({ bound, context }: Judging) {
  const nameOf = (status: string) => bound.profile.state(status)?.status ?? null
  return (incident: Incident): Verdict => {
    const reading = readIncident(incident, nameOf)
    const verdict = {
      line: incident.line,
      title: incident.number,
      key: incident.number || null,
      draft: null,
      message: null,
      notice: null,
    }
    if ('problem' in reading) return { ...verdict, message: reading.problem }
    const { history, notices } = reading
    const notice = notices.length > 0 ? `${incident.number}: ${notices.join('; ')}.` : null
    return judged({ ...verdict, title: String(history.fields.title), notice }, () =>
      draftHistory(bound, { ...history, fields: NewTask.parse(history.fields) }, context),
    )
  }
}

/** A refusal by the contract or the process is the row's own; anything else is ours and goes on up. */
function judged(verdict: Verdict, draft: () => Draft): Verdict {
  try {
    return { ...verdict, draft: draft() }
  } catch (error) {
    const { status, message } = asProblem(error)
    if (status >= 500) throw error
    return { ...verdict, notice: null, message }
  }
}
