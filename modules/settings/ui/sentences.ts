import type { Sentences } from '../../../platform/react/sentences.ts'
import type { SettingsEvents } from '../contract.ts'

export const settingsSentences: Sentences<SettingsEvents> = {
  'category.saved': ({ name, before }) => `${before ? 'changed' : 'created'} the category “${name}”`,
  'category.archived': ({ name }) => `archived the category “${name}”`,
  'priorities.saved': () => 'changed the priorities',
  'team.saved': ({ name, before }) => `${before ? 'changed' : 'created'} the team “${name}”`,
  'team.archived': ({ name }) => `archived the team “${name}”`,
  'branding.saved': () => 'changed the branding',
}
