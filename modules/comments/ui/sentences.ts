import { catalogue, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import { sizeInWords } from '../../../platform/react/words.ts'
import type { CommentEvents } from '../contract.ts'

const words = catalogue('comments/sentences', {
  replied: params('replied: “{excerpt}”'),
  noted: params('noted: “{excerpt}”'),
  edited: 'edited a comment',
  deleted: 'deleted a comment',
  attached: params('attached {fileName} ({size})'),
  detached: params('removed the attachment {fileName}'),
})

export const commentSentences: Sentences<CommentEvents> = {
  'comment.added': ({ visibility, excerpt }) => (visibility === 'public' ? words.replied : words.noted)({ excerpt }),
  'comment.edited': () => words.edited,
  'comment.deleted': () => words.deleted,
  'attachment.added': ({ fileName, size }) => words.attached({ fileName, size: sizeInWords(size) }),
  'attachment.deleted': words.detached,
}
