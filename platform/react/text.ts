/** Words of the shared components. */
import { catalogue, count, params } from './i18n.ts'

export const text = catalogue('platform', {
  loading: 'Loading',
  requestId: params('Request {id}'),
  unreachable: 'The server cannot be reached. Check the connection and try again.',
  unknownProblem: 'Something went wrong. Reload the page and try again.',
  close: 'Close',
  dismiss: 'Dismiss',
  write: 'Write',
  preview: 'Preview',
  nothingToPreview: 'Nothing to preview yet.',
  imageElsewhere: params('Image on another site: {address}'),
  justNow: 'just now',
  undo: 'Undo',
  undone: 'Taken back.',
  priority: params('Priority {name}'),
  due: {
    in: params('in {time}'),
    late: params('{time} late'),
    replyIn: params('reply in {time}'),
    replyLate: params('reply {time} late'),
  },
  ended: {
    title: 'Some credentials ended with it',
    body: params('{credentials} stopped working for good. The activity names them.'),
    keys: count({ one: '{count} API key', other: '{count} API keys' }),
    connections: count({ one: '{count} connected app', other: '{count} connected apps' }),
    scimTokens: count({ one: '{count} directory token', other: '{count} directory tokens' }),
  },
  activity: {
    ofProvider: params('{name} of {provider} ({tier})'),
    via: params('via {channel}'),
    agent: 'agent',
    nothing: 'nothing',
  },
})
