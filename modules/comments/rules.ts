/** What the business says about comments. Pure. */
import type { Actor } from '../../platform/context.ts'
import { problem } from '../../platform/problem.ts'

export const NoSuchComment = problem('NO_SUCH_COMMENT', 404, 'There is no such comment')
export const NoSuchAttachment = problem('NO_SUCH_ATTACHMENT', 404, 'There is no such attachment')
export const NotYours = problem('NOT_YOURS', 403, 'Only its author may do this')
export const FileRefused = problem('FILE_REFUSED', 422, 'The file cannot be attached')

/** Addresses written as `@name@example.com`, in lower case, each once. */
export const mentionsIn = (body: string): string[] => [
  ...new Set([...body.matchAll(/(?<![\w.])@([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g)].map((match) => match[1]!.toLowerCase())),
].slice(0, 50)

type Authored = { authorEmail: string }

/** Why this person may not change the comment, or null. */
export const obstacleToEditing = (actor: Pick<Actor, 'email' | 'permissions'>, comment: Authored) =>
  comment.authorEmail === actor.email || actor.permissions.has('comments.moderate')
    ? null
    : NotYours('Only its author or a moderator of the organization may change a comment.')

/** The beginning of a text, for the activity. */
export const excerpt = (body: string) => (body.length > 200 ? `${body.slice(0, 200)}…` : body)

/** Shown in the browser itself; everything else is only ever downloaded. */
export const inlineTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** Endings that a desktop runs on a double click; nobody needs them on a ticket, and an archive can carry them. */
const executable = /\.(exe|com|scr|pif|bat|cmd|msi|msp|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|hta|jar|lnk|reg|cpl|dll|sys|sh|app|dmg|pkg|deb|rpm|apk|iso|img)$/i

/** Why a file of this name is not taken, or null. */
export const obstacleToAttaching = (fileName: string) =>
  executable.test(fileName) ? FileRefused(`"${fileName}" could be run by a double click. Put it into an archive (zip) and attach that.`) : null

/** A name without folders, control characters or directions; never empty. */
export const safeFileName = (name: string) =>
  name
    .replace(/^.*[\\/]/, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are removed
    .replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
    .slice(-200) || 'file'
