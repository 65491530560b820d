/** Words of the shared components. */
import { catalogue, params } from './i18n.ts'

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
  activity: {
    ofProvider: params('{name} of {provider} ({tier})'),
    via: params('via {channel}'),
    agent: 'agent',
    nothing: 'nothing',
  },
})
