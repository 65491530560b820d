import { credentialsInWords } from '../../../platform/react/ended.ts'
import { catalogue, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import type { MspEvents } from '../contract.ts'

const words = catalogue('msp/sentences', {
  added: params('gave {provider} access at {tier}'),
  changed: params('changed the access tier of {provider}'),
  removed: params('ended the relation with {provider} ({tier})'),
  removedByClient: params('ended the access of {provider} ({tier})'),
  changedEnding: params('changed the access tier of {provider}, which ended {credentials}'),
  removedEnding: params('ended the relation with {provider} ({tier}), and with it {credentials}'),
  removedByClientEnding: params('ended the access of {provider} ({tier}), and with it {credentials}'),
  organizationChangedEnding: params('changed the organization “{name}”, which ended {credentials}'),
  archivedEnding: params('archived the organization “{name}”, which ended {credentials}'),
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
  'client.changed': ({ provider, ended }) => {
    const credentials = ended && credentialsInWords(ended)
    return credentials ? words.changedEnding({ provider, credentials }) : words.changed({ provider })
  },
  'client.removed': ({ byClient, ended, ...gone }) => {
    const credentials = ended && credentialsInWords(ended)
    if (!credentials) return byClient ? words.removedByClient(gone) : words.removed(gone)
    return byClient ? words.removedByClientEnding({ ...gone, credentials }) : words.removedEnding({ ...gone, credentials })
  },
  'license.changed': () => words.license,
  'access.elevated': words.elevated,
  'access.elevation-ended': words.elevationEnded,
  'access.exported': () => words.exported,
  'scanning.saved': ({ host }) => (host ? words.scanning({ host }) : words.scanningOff),
  'organization.changed': ({ name, ended }) => {
    const credentials = ended && credentialsInWords(ended)
    return credentials ? words.organizationChangedEnding({ name, credentials }) : words.organizationChanged({ name })
  },
  'organization.archived': ({ name, ended }) => {
    const credentials = ended && credentialsInWords(ended)
    return credentials ? words.archivedEnding({ name, credentials }) : words.archived({ name })
  },
  'organization.restored': words.restored,
}
