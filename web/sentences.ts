/** The sentences of all modules; an event of any module without one does not compile. */
import { agentSentences } from '../modules/agents/ui/sentences.ts'
import { commentSentences } from '../modules/comments/ui/sentences.ts'
import { identitySentences } from '../modules/identity/ui/sentences.ts'
import { importSentences } from '../modules/imports/ui/sentences.ts'
import { mspSentences } from '../modules/msp/ui/sentences.ts'
import { peopleSentences } from '../modules/people/ui/sentences.ts'
import { taskField } from '../modules/profiles/contract.ts'
import { profileSentences } from '../modules/profiles/ui/sentences.ts'
import { securitySentences } from '../modules/security/ui/sentences.ts'
import { settingsSentences } from '../modules/settings/ui/sentences.ts'
import { taskSentences } from '../modules/tasks/ui/sentences.ts'
import type { EventMap } from '../modules/vocabulary.ts'
import { catalogue } from '../platform/react/i18n.ts'
import type { Sentences } from '../platform/react/sentences.ts'

const sentences: Sentences<EventMap> = {
  ...identitySentences,
  ...agentSentences,
  ...peopleSentences,
  ...settingsSentences,
  ...profileSentences,
  ...taskSentences,
  ...commentSentences,
  ...importSentences,
  ...securitySentences,
  ...mspSentences,
}

/** What happened, in words; an event of a later version still shows by its name. */
export function sentenceOf(action: string, data: Record<string, unknown>): string {
  const say = (sentences as unknown as Record<string, ((data: unknown) => string) | undefined>)[action]
  try {
    return say ? say(data) : action
  } catch {
    return action
  }
}

const others: Record<string, string> = catalogue('web/fields', {
  status: 'State',
  role: 'Role',
  closedAt: 'Closed',
  resolvedAt: 'Resolved',
  firstResponseAt: 'First response',
  profileVersion: 'Profile version',
  visibility: 'Visibility',
  body: 'Words',
  customFields: 'Profile fields',
})

/** A field as people call it. */
export const labelOf = (field: string) => taskField(field)?.label ?? others[field] ?? field

export const actions = Object.keys(sentences).sort()
