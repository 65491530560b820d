import { catalogue, count, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import type { EventMap } from '../../vocabulary.ts'

type ProfileEvents = { [A in Extract<keyof EventMap, `profile.${string}`>]: EventMap[A] }

const words = catalogue('profiles/sentences', {
  created: params('created the profile “{name}”'),
  saved: params('saved version {version} of the profile “{name}”'),
  seeded: count({ one: 'added {count} standard profile', other: 'added {count} standard profiles' }),
  deleted: params('deleted the profile “{name}”'),
  migrated: count({
    one: 'brought {count} task to version {version} of “{name}”',
    other: 'brought {count} tasks to version {version} of “{name}”',
  }),
})

export const profileSentences: Sentences<ProfileEvents> = {
  'profile.saved': ({ name, version }) => (version === 1 ? words.created({ name }) : words.saved({ name, version })),
  'profile.seeded': ({ created }) => words.seeded(created.length),
  'profile.deleted': words.deleted,
  'profile.migrated': ({ name, toVersion, tasks }) => words.migrated(tasks, { name, version: toVersion }),
}
