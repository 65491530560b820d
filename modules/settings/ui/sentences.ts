import { catalogue, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import type { SettingsEvents } from '../contract.ts'

const words = catalogue('settings/sentences', {
  categoryCreated: params('created the category “{name}”'),
  categoryChanged: params('changed the category “{name}”'),
  categoryArchived: params('archived the category “{name}”'),
  priorities: 'changed the priorities',
  teamCreated: params('created the team “{name}”'),
  teamChanged: params('changed the team “{name}”'),
  teamArchived: params('archived the team “{name}”'),
  branding: 'changed the branding',
})

export const settingsSentences: Sentences<SettingsEvents> = {
  'category.saved': ({ name, before }) => (before ? words.categoryChanged : words.categoryCreated)({ name }),
  'category.archived': words.categoryArchived,
  'priorities.saved': () => words.priorities,
  'team.saved': ({ name, before }) => (before ? words.teamChanged : words.teamCreated)({ name }),
  'team.archived': words.teamArchived,
  'branding.saved': () => words.branding,
}
