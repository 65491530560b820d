import type { Sentences } from '../../../platform/react/sentences.ts'
import { sizeInWords } from '../../../platform/react/words.ts'
import type { ImportEvents } from '../contract.ts'

export const importSentences: Sentences<ImportEvents> = {
  'import.uploaded': ({ fileName, size }) => `uploaded ${fileName} (${sizeInWords(size)}) to import it`,
  'import.started': ({ fileName }) => `started the import of ${fileName}`,
  'import.finished': ({ fileName, created, unchanged, failed }) =>
    `finished the import of ${fileName}: ${created} created, ${unchanged} unchanged, ${failed} failed`,
  'import.failed': ({ fileName, error }) => `could not import ${fileName}: ${error}`,
  'import.cancelled': ({ fileName }) => `cancelled the import of ${fileName}`,
}
