/**
 * What to send for every parameter of every operation. A parameter that is not listed fails the generated tests:
 * whoever adds one decides here whether it names something of an organization.
 */
import { randomUUID } from 'node:crypto'
import { NewRecord } from '../modules/security/contract.ts'
import { NewTask, TaskFilter } from '../modules/tasks/contract.ts'
import type { AnyOperation } from '../platform/operation.ts'
import { inputSchema, type JsonSchema } from '../platform/schemas.ts'

/** One organization's things, by what a parameter may name. */
export type Fixture = {
  taskId: string
  otherTaskId: string
  commentId: string
  attachmentId: string
  profileId: string
  viewId: string
  userId: string
  keyId: string
  sessionId: string
  organizationId: string
  importId: string
  recordId: string
  scanId: string
  contactId: string
  otherContactId: string
  categoryId: string
  teamId: string
  eventId: string
  elevationId: string
  providerId: string
  appId: string
  email: string
  connectionId: string
  identityId: string
  passkeyId: string
  scimTokenId: string
}

/** Parameters that name something of an organization. */
const naming: Record<string, (fixture: Fixture, op: AnyOperation) => unknown> = {
  taskId: (fixture) => fixture.taskId,
  taskIds: (fixture) => [fixture.taskId, fixture.otherTaskId],
  target: (fixture) => fixture.otherTaskId,
  targetId: (fixture) => fixture.otherTaskId,
  into: (fixture) => fixture.otherTaskId,
  commentId: (fixture) => fixture.commentId,
  attachmentId: (fixture) => fixture.attachmentId,
  profileId: (fixture) => fixture.profileId,
  viewId: (fixture) => fixture.viewId,
  userId: (fixture) => fixture.userId,
  keyId: (fixture) => fixture.keyId,
  keyIds: (fixture) => [fixture.keyId],
  tokenId: (fixture) => fixture.keyId,
  appId: (fixture) => fixture.appId,
  sessionId: (fixture) => fixture.sessionId,
  organizationId: (fixture) => fixture.organizationId,
  importId: (fixture) => fixture.importId,
  recordId: (fixture) => fixture.recordId,
  scanId: (fixture) => fixture.scanId,
  linkedTaterEntityId: (fixture) => fixture.recordId,
  contactId: (fixture) => fixture.contactId,
  intoContactId: (fixture) => fixture.otherContactId,
  categoryId: (fixture) => fixture.categoryId,
  parentId: (fixture) => fixture.categoryId,
  teamId: (fixture) => fixture.teamId,
  connectionId: (fixture) => fixture.connectionId,
  identityId: (fixture) => fixture.identityId,
  passkeyId: (fixture) => fixture.passkeyId,
  scimTokenId: (fixture) => fixture.scimTokenId,
  subjectId: (fixture) => fixture.taskId,
  elevationId: (fixture) => fixture.elevationId,
  providerId: (fixture) => fixture.providerId,
  managedBy: (fixture) => fixture.organizationId,
  subject: (fixture) => fixture.taskId,
  linkedProblemId: (fixture) => fixture.otherTaskId,
  id: (fixture, op) => idOf(fixture, op.name),
  // A position in a list: the id of an event, a comment or a row, or a cursor made from one.
  after: (fixture, op) =>
    op.name === 'people.list'
      ? btoa(JSON.stringify(['', fixture.contactId]))
      : op.name === 'tasks.list'
        ? btoa(JSON.stringify(['2999-01-01T00:00:00.000Z', fixture.taskId]))
        : op.name === 'tasks.export-page' || op.name === 'imports.errors' || op.name === 'scans.rows'
          ? '1'
          : fixture.eventId,
}

/** What an operation calls just `id`. */
function idOf(fixture: Fixture, operation: string): string {
  if (operation === 'settings.save-category') return fixture.categoryId
  if (operation === 'settings.save-team') return fixture.teamId
  if (operation.startsWith('scans.')) return fixture.scanId
  if (operation.startsWith('profiles.')) return fixture.profileId
  if (operation.startsWith('comments.')) return fixture.attachmentId
  return operation.startsWith('imports.') ? fixture.importId : fixture.viewId
}

const taskTexts = Object.fromEntries(
  [...Object.keys(NewTask.shape), ...Object.keys(TaskFilter.shape)].map((name) => [name, undefined]),
)

/** Parameters that name nothing of anybody: what to send where they are required, `undefined` to leave them out. */
const plain: Record<string, unknown> = {
  ...taskTexts,
  title: 'Words of the test',
  category: 'IT',
  sort: undefined,
  order: undefined,
  limit: 50,
  ifVersion: undefined,
  type: 'related',
  add: undefined,
  remove: undefined,
  change: { tier: 2 },
  slaStartsAt: undefined,
  body: 'Words of the test',
  visibility: undefined,
  name: 'Words of the test',
  scope: undefined,
  query: {},
  format: 'csv',
  filter: {},
  expiresAt: undefined,
  department: undefined,
  notes: undefined,
  csv: 'name,email\nAnn Arbor,ann@example.com\n',
  superAdmin: undefined,
  fileName: 'test.txt',
  contentType: 'text/plain',
  size: 1,
  sha256: '0'.repeat(64),
  stateMap: undefined,
  days: undefined,
  email: 'somebody@example.com',
  role: 'Viewer',
  password: undefined,
  ticketPrefix: undefined,
  organizationName: 'Words of the test',
  action: undefined,
  channel: undefined,
  actor: undefined,
  subjectType: undefined,
  since: undefined,
  until: undefined,
  preset: undefined,
  events: [],
  profile: undefined,
  version: undefined,
  description: undefined,
  standardSource: undefined,
  fieldRules: undefined,
  statusFlow: [
    { status: 'New', allowedTransitions: ['Closed'], isInitial: true },
    { status: 'Closed', allowedTransitions: [], isTerminal: true, setClosedAt: true },
  ],
  slaDefaults: undefined,
  customFields: undefined,
  isSystem: undefined,
  icon: undefined,
  color: undefined,
  defaultPriority: undefined,
  responseMinutes: undefined,
  resolutionMinutes: undefined,
  fields: undefined,
  priorities: ['Critical', 'High', 'Normal', 'Low'].map((name) => ({ name, label: name })),
  leadEmail: undefined,
  members: undefined,
  accent: undefined,
  logo: undefined,
  seedKey: undefined,
  createdAt: undefined,
  updatedAt: undefined,
  updatedBy: undefined,
  kind: 'csv',
  fileSize: 1,
  columns: ['Title'],
  sample: '[]',
  mapping: undefined,
  values: undefined,
  issuer: 'https://login.example.com',
  clientId: 'a-client',
  clientSecret: undefined,
  domains: undefined,
  provision: undefined,
  defaultRole: undefined,
  // A Microsoft tenant is nobody's here: a SuperAdmin may give it to several organizations.
  tenantId: '11111111-2222-4333-8444-555555555555',
  ...Object.fromEntries(
    Object.keys(NewRecord.shape).flatMap((name) =>
      name in taskTexts || name === 'title' || name === 'type' ? [] : [[name, undefined]],
    ),
  ),
  result: undefined,
  owner: undefined,
  reviewDue: undefined,
  archived: undefined,
  scannedAt: undefined,
  checked: undefined,
  rows: 1,
  staleAfterDays: 7,
  openTasks: false,
  linkedTaterEntityType: 'risk',
  clients: undefined,
  webhookUrl: undefined,
  enabled: true,
  licenseType: undefined,
  seatLimit: 0,
  isMsp: undefined,
  reason: 'Words of the test',
  minutes: 30,
  provider: undefined,
  person: undefined,
  from: undefined,
  operation: undefined,
  responseType: 'code',
  redirectUri: 'http://127.0.0.1/callback',
  codeChallenge: undefined,
  codeChallengeMethod: undefined,
  state: undefined,
  resource: undefined,
  allow: true,
  mayWrite: undefined,
  tools: undefined,
  dailyWrites: null,
  callsPerMinute: null,
  paused: false,
  agents: undefined,
  newTools: undefined,
  globallyDisabled: undefined,
  globallyEnabled: undefined,
  roles: undefined,
  groups: undefined,
  disabled: undefined,
  allowed: undefined,
}

/** Where a word means something else than elsewhere. */
const ofOperation: Record<string, Record<string, unknown>> = {
  // A ticket's tier is another thing than a provider's.
  'msp.add-client': { tier: 'T1' },
  'msp.change-tier': { tier: 'T1' },
  'security.create': { type: 'risk' },
  'security.list': { type: undefined },
  'security.export-page': { type: undefined },
}

export const namesSomething = (name: string) => name in naming
export const isKnownParameter = (name: string) => name in naming || name in plain

/** Parameters of an operation, inside objects and lists too; `change.title` is known by its last word. */
export function parametersOf(op: AnyOperation): string[] {
  const within = (schema: JsonSchema): string[] => [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
      name,
      ...(openEnded.has(name) ? [] : within(property)),
    ]),
    ...(schema.items ? within(schema.items) : []),
    ...(schema.anyOf ?? []).flatMap(within),
  ]
  return [...new Set(within(inputSchema(op)))]
}

/** Documents with a schema of their own, and lists of plain values: nothing in them is looked up by the program. */
const openEnded = new Set([
  'fields',
  'priorities',

  'statusFlow',
  'fieldRules',
  'slaDefaults',
  'customFields',
  'events',
  'profile',
  'externalRefs',
  'mapping',
  'values',
])

/** A valid input that fills in everything that names something; `own` parameters come from the second fixture. */
export function inputNaming(
  op: AnyOperation,
  fixture: Fixture,
  own: readonly string[] = [],
  ownFixture = fixture,
): Record<string, unknown> {
  const { properties = {}, required = [] } = inputSchema(op)
  const input: Record<string, unknown> = {}
  for (const name of Object.keys(properties)) {
    const make = namingFor(op, name)
    if (make) input[name] = make(own.includes(name) ? ownFixture : fixture, op)
    else if (Object.hasOwn(ofOperation[op.name] ?? {}, name)) input[name] = ofOperation[op.name]![name]
    else if (required.includes(name) || plain[name] !== undefined) input[name] = plain[name]
    if (input[name] === undefined) delete input[name]
  }
  return input
}

/** `name` means a member's, a view's or a profile's: text everywhere; `type` and the like are plain. */
const namingFor = (_op: AnyOperation, name: string) => (Object.hasOwn(naming, name) ? naming[name] : undefined)

/** Ids that are well formed and belong to nobody. */
export function nobodys(): Fixture {
  return {
    taskId: randomUUID(),
    otherTaskId: randomUUID(),
    commentId: randomUUID(),
    attachmentId: randomUUID(),
    profileId: `profile-${randomUUID()}`,
    viewId: randomUUID(),
    userId: randomUUID(),
    keyId: randomUUID(),
    sessionId: randomUUID(),
    organizationId: randomUUID(),
    importId: randomUUID(),
    recordId: randomUUID(),
    scanId: randomUUID(),
    contactId: randomUUID(),
    otherContactId: randomUUID(),
    categoryId: randomUUID(),
    teamId: 'nobodys-team',
    eventId: randomUUID(),
    elevationId: randomUUID(),
    providerId: randomUUID(),
    appId: randomUUID(),
    email: 'nobody@example.com',
    connectionId: randomUUID(),
    identityId: randomUUID(),
    passkeyId: randomUUID(),
    scimTokenId: randomUUID(),
  }
}
