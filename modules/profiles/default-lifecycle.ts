import type { TaskerProfile } from './document.ts'

/**
 * The lifecycle of a task without a profile, written as a profile like any other. Any move off Open responds to the requester,
 * except cancelling; Closed resolves, so auto-resolve has somewhere to go, and may be reopened.
 */
export const defaultLifecycle: TaskerProfile = {
  name: 'Default lifecycle',
  description: 'What a task follows when no profile was chosen.',
  standardSource: 'Basic',
  fieldRules: {
    title: { visible: true, required: true },
    category: { visible: true, required: true },
    priority: { visible: true, required: false, default: 'Normal' },
  },
  statusFlow: [
    { status: 'Open', allowedTransitions: ['InProgress', 'OnHold', 'Blocked', 'Closed', 'Cancelled'], isInitial: true },
    {
      status: 'InProgress',
      allowedTransitions: ['Open', 'OnHold', 'Blocked', 'Closed', 'Cancelled'],
      setSlaResponded: true,
      role: 'resume',
    },
    { status: 'OnHold', allowedTransitions: ['Open', 'InProgress', 'Blocked', 'Closed', 'Cancelled'], setSlaResponded: true },
    { status: 'Blocked', allowedTransitions: ['Open', 'InProgress', 'OnHold', 'Closed', 'Cancelled'], setSlaResponded: true },
    {
      status: 'Closed',
      allowedTransitions: ['Open', 'InProgress'],
      isTerminal: true,
      setSlaResponded: true,
      setSlaResolved: true,
      setClosedAt: true,
      role: 'resolved',
    },
    { status: 'Cancelled', allowedTransitions: [], isTerminal: true, setClosedAt: true },
  ],
  slaDefaults: [],
}
