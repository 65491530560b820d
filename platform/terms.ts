/** Words the product itself gives: states of its profiles, priorities, levels, roles. What an organization wrote stays as written. */
import { Message, messages, type Sayable } from './messages.ts'

const words: Readonly<Record<string, Message>> = messages('platform/vocabulary', {
  defaultlifecycle: 'Default lifecycle',
  open: 'Open',
  new: 'New',
  assigned: 'Assigned',
  inprogress: 'In Progress',
  onhold: 'On Hold',
  pending: 'Pending',
  blocked: 'Blocked',
  approvalpending: 'Approval Pending',
  resolved: 'Resolved',
  fulfilled: 'Fulfilled',
  closed: 'Closed',
  cancelled: 'Cancelled',
  rejected: 'Rejected',
  investigating: 'Investigating',
  knownerror: 'Known Error',
  detected: 'Detected',
  triage: 'Triage',
  contained: 'Contained',
  eradicating: 'Eradicating',
  recovering: 'Recovering',
  falsepositive: 'False Positive',
  postincidentreview: 'Post-Incident Review',
  critical: 'Critical',
  high: 'High',
  normal: 'Normal',
  medium: 'Medium',
  low: 'Low',
  informational: 'Informational',
  internal: 'Internal',
  customervisible: 'Customer Visible',
  portal: 'Portal',
  email: 'Email',
  phone: 'Phone',
  chat: 'Chat',
  monitoring: 'Monitoring',
  import: 'Import',
  walkin: 'Walk-in',
  agent: 'Agent',
  workflow: 'Workflow',
  schedule: 'Schedule',
  requester: 'Requester',
  viewer: 'Viewer',
  auditor: 'Auditor',
  orgadmin: 'OrgAdmin',
  serviceprovider: 'ServiceProvider',
  superadmin: 'SuperAdmin',
})

/** The word of the product that a stored value is, in whatever spelling. */
export function termOf(value: string): Message | undefined {
  const key = value.toLowerCase().replace(/[\s_-]/g, '')
  return Object.hasOwn(words, key) ? words[key] : undefined
}

/** A stored word within a sentence: in English as it is stored, in other languages the product's word for it. */
export function term(value: string): Sayable {
  const word = termOf(value)
  return word ? new Message((language) => (language === 'en' ? value : word.in(language))) : value
}

export const terms = (values: readonly string[]): Sayable[] => values.map(term)
