import type { Sentences } from '../../../platform/react/sentences.ts'
import { counted } from '../../../platform/react/words.ts'
import type { EventMap } from '../../vocabulary.ts'

type ProfileEvents = { [A in Extract<keyof EventMap, `profile.${string}`>]: EventMap[A] }

export const profileSentences: Sentences<ProfileEvents> = {
  'profile.saved': ({ name, version }) =>
    version === 1 ? `created the profile “${name}”` : `saved version ${version} of the profile “${name}”`,
  'profile.seeded': ({ created }) => `added ${counted(created.length, 'standard profile')}`,
  'profile.deleted': ({ name }) => `deleted the profile “${name}”`,
  'profile.migrated': ({ name, toVersion, tasks }) => `brought ${counted(tasks, 'task')} to version ${toVersion} of “${name}”`,
}
