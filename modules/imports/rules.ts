/** What the business says about imports. Pure. */
import { problem } from '../../platform/problem.ts'

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

/** What stands in the way of starting an import, or null. */
export const obstacleToStarting = ({ status, fileName }: Standing) =>
  status === 'uploaded'
    ? null
    : ImportStarted(`The import of ${fileName} is ${status} already. Upload the file again to import it again.`, {
        importStatus: status,
      })

/** What stands in the way of cancelling an import, or null. */
export const obstacleToCancelling = ({ status, fileName }: Standing) =>
  ['uploaded', 'queued', 'running'].includes(status)
    ? null
    : ImportOver(`The import of ${fileName} is ${status}; there is nothing left to cancel.`, { importStatus: status })
