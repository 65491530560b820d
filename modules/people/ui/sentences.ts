import { number } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import type { PeopleEvents } from '../contract.ts'
import { sentenceWords as words } from './text.ts'

export const peopleSentences: Sentences<PeopleEvents> = {
  'contact.saved': ({ name, before }) => (before ? words.changed({ name }) : words.added({ name })),
  'contact.archived': words.archived,
  'contact.restored': words.restored,
  'contact.merged': ({ from, into, tasks }) => words.merged(tasks, { from, into }),
  'contacts.imported': ({ added, changed }) => words.imported({ added: number(added), changed: number(changed) }),
  'contacts.exported': () => words.exported,
}
