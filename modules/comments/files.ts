/** What the business says about files that come with tickets. Pure. */
import { withoutControls } from '../../platform/file-name.ts'
import { messages, params } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'

export const FileRefused = problem('FILE_REFUSED', 422, 'The file cannot be attached')

const say = messages('comments/files', {
  executable: params('"{file}" could be run by a double click. Put it into an archive (zip) and attach that.'),
})

/** Shown in the browser itself; everything else is only ever downloaded. */
export const inlineTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** Endings that a desktop runs on a double click; nobody needs them on a ticket, and an archive can carry them. */
const executable =
  /\.(exe|com|scr|pif|bat|cmd|msi|msp|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|hta|jar|lnk|reg|cpl|dll|sys|sh|app|dmg|pkg|deb|rpm|apk|iso|img)$/i

/** Why a file of this name is not taken, or null. */
export const obstacleToAttaching = (fileName: string) =>
  executable.test(fileName) ? FileRefused(say.executable({ file: fileName })) : null

/** A name without folders, control characters, directions or half a character at the cut; never empty. */
export const safeFileName = (name: string) =>
  withoutControls(name.replace(/^.*[\\/]/, ''))
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
    .slice(-200)
    .replace(/^[\udc00-\udfff]/, '') || 'file'
