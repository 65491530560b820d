/** Words the product itself gives: states of its profiles, priorities, levels, roles. What an organization wrote stays as written. */
import { catalogue } from './i18n.ts'

const words: Record<string, string> = catalogue('platform/vocabulary', {
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

/** A stored word as the screen says it: `InProgress` is `In Progress`, in German `In Bearbeitung`. */
export function wordOf(value: string): string {
  const key = value.toLowerCase().replace(/[\s_-]/g, '')
  return Object.hasOwn(words, key) ? words[key]! : value.replace(/([a-z])([A-Z])/g, '$1 $2')
}
