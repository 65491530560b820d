import { catalogue, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import { sizeInWords } from '../../../platform/react/words.ts'
import type { ImportEvents } from '../contract.ts'

const words = catalogue('imports/sentences', {
  uploaded: params('uploaded {fileName} ({size}) to import it'),
  started: params('started the import of {fileName}'),
  finished: params('finished the import of {fileName}: {created} created, {unchanged} unchanged, {failed} failed'),
  failed: params('could not import {fileName}: {error}'),
  cancelled: params('cancelled the import of {fileName}'),
})

export const importSentences: Sentences<ImportEvents> = {
  'import.uploaded': ({ fileName, size }) => words.uploaded({ fileName, size: sizeInWords(size) }),
  'import.started': words.started,
  'import.finished': words.finished,
  'import.failed': words.failed,
  'import.cancelled': words.cancelled,
}
