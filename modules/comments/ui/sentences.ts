import type { Sentences } from '../../../platform/react/sentences.ts'
import { sizeInWords } from '../../../platform/react/words.ts'
import type { CommentEvents } from '../contract.ts'

export const commentSentences: Sentences<CommentEvents> = {
  'comment.added': ({ visibility, excerpt }) => `${visibility === 'public' ? 'replied' : 'noted'}: “${excerpt}”`,
  'comment.edited': () => 'edited a comment',
  'comment.deleted': () => 'deleted a comment',
  'attachment.added': ({ fileName, size }) => `attached ${fileName} (${sizeInWords(size)})`,
  'attachment.deleted': ({ fileName }) => `removed the attachment ${fileName}`,
}
