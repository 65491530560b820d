import { catalogue, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import type { AgentEvents } from '../contract.ts'

const words = catalogue('agents/sentences', {
  connected: params('connected {client} ({redirectHost}), which may read and change'),
  connectedToRead: params('connected {client} ({redirectHost}), which may only read'),
  disconnected: params('ended the connection of {client}'),
  reused: params('ended the connection of {client}: a token of it was used twice'),
  limited: params('changed the limits of “{name}”'),
  toolsChanged: 'changed what agents may do',
})

export const agentSentences: Sentences<AgentEvents> = {
  'agent.connected': ({ client, redirectHost, mayWrite }) =>
    (mayWrite ? words.connected : words.connectedToRead)({ client, redirectHost }),
  'agent.disconnected': ({ client, reason }) => (reason === 'reused-token' ? words.reused : words.disconnected)({ client }),
  'agent.limited': ({ name }) => words.limited({ name }),
  'tools.changed': () => words.toolsChanged,
}
