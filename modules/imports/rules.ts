/** What the business says about imports. Pure. */
import { messages, params } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'

export const say = messages('imports/refusals', {
  noImport: params('There is no import {id} in this organization. GET /api/imports lists those there are.'),
  started: params('The import of {file} is {status} already. Upload the file again to import it again.'),
  over: params('The import of {file} is {status}; there is nothing left to cancel.'),
  statuses: {
    uploaded: 'uploaded',
    queued: 'queued',
    running: 'running',
    finished: 'finished',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  nextOf: 'after: give `next` of the page before.',
  noIncidentProfile:
    'This organization has no ITIL Incident profile. Seed the standard profiles (POST /api/tasker/profiles/seed-defaults), or name another with profileId.',
  jsonObject: params('{name}: give a JSON object, such as {example}.'),
  noColumn: params('The file has no column “{column}”; it has {columns}.'),
  noField: params('“{field}” (for the column “{column}”) is not a field of tasks under {profile}.'),
  twin: params('The columns “{first}” and “{second}” both go to {field}; leave one of them out.'),
  noValueField: params('“{field}” in `values` is not a field of tasks under {profile}.'),
  noTitle: 'No column goes to title; every task needs one.',
  noLogColumn: params('“{name}” (for the column “{column}”) is not a column of a ServiceNow log; use {columns}.'),
  logLacks: params(
    'A ServiceNow log has the columns {columns}; this file has no {missing}. Say which column it is in the mapping, or import the file as CSV.',
  ),
})

export const NoSuchImport = problem('NO_SUCH_IMPORT', 404, 'There is no such import')
export const ImportStarted = problem('IMPORT_STARTED', 409, 'The import was started already')
export const ImportOver = problem('IMPORT_OVER', 409, 'The import is over')
export const FileRefused = problem('IMPORT_FILE_REFUSED', 422, 'The file cannot be imported')
export const MappingRefused = problem('MAPPING_REFUSED', 422, 'The columns cannot be mapped like this')

/** Rows shown by a preview. */
export const previewRows = 50
/** Errors and notices kept of one import; all are counted. */
export const mostErrors = 10_000

type Standing = { status: string; fileName: string }

const standing = (status: string) => (Object.hasOwn(say.statuses, status) ? say.statuses[status as 'queued'] : status)

/** What stands in the way of starting an import, or null. */
export const obstacleToStarting = ({ status, fileName }: Standing) =>
  status === 'uploaded'
    ? null
    : ImportStarted(say.started({ file: fileName, status: standing(status) }), { importStatus: status })

/** What stands in the way of cancelling an import, or null. */
export const obstacleToCancelling = ({ status, fileName }: Standing) =>
  ['uploaded', 'queued', 'running'].includes(status)
    ? null
    : ImportOver(say.over({ file: fileName, status: standing(status) }), { importStatus: status })
