import { catalogue, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import type { MspEvents } from '../contract.ts'

const words = catalogue('msp/sentences', {
  added: params('gave {provider} access at {tier}'),
  changed: params('changed the access tier of {provider}'),
  removed: params('ended the relation with {provider} ({tier})'),
  removedByClient: params('ended the access of {provider} ({tier})'),
  license: 'changed the licence',
  elevated: params('broke glass for {minutes} minutes: {reason}'),
  elevationEnded: params('ended the elevation of {name} early'),
  exported: 'exported the access log',
  scanning: params('set the scan webhook ({host})'),
  scanningOff: 'removed the scan webhook',
  organizationChanged: params('changed the organization “{name}”'),
  archived: params('archived the organization “{name}”'),
  restored: params('brought the organization “{name}” back'),
})

export const mspSentences: Sentences<MspEvents> = {
  'client.added': words.added,
  'client.changed': words.changed,
  'client.removed': ({ byClient, ...gone }) => (byClient ? words.removedByClient(gone) : words.removed(gone)),
  'license.changed': () => words.license,
  'access.elevated': words.elevated,
  'access.elevation-ended': words.elevationEnded,
  'access.exported': () => words.exported,
  'scanning.saved': ({ host }) => (host ? words.scanning({ host }) : words.scanningOff),
  'organization.changed': words.organizationChanged,
  'organization.archived': words.archived,
  'organization.restored': words.restored,
}
