/** Fills a new database with a managed service provider, three clients and six weeks of work, through the product's own operations. */
import { randomBytes } from 'node:crypto'
import * as comments from '../../modules/comments/operations.ts'
import * as identity from '../../modules/identity/operations.ts'
import * as msp from '../../modules/msp/operations.ts'
import * as profiles from '../../modules/profiles/operations.ts'
import { permissionsOf } from '../../modules/roles.ts'
import * as tasks from '../../modules/tasks/operations.ts'
import type { Caller, Channel } from '../../platform/context.ts'
import { openDatabase } from '../../platform/database.ts'
import { prepareDatabase } from '../../platform/database-owner.ts'
import { type Execute, executor } from '../../platform/execute.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { fillRegister } from './security.ts'

type Role = 'OrgAdmin' | 'Auditor' | 'Viewer' | 'Requester'
type Person = { name: string; email: string; role: Role }
type Organization = { name: string; prefix: string; people: Person[]; tickets: number }

/** What `demo.json` holds: enough for a script, a test or an agent to begin. */
export type Demo = {
  url: string
  organizations: { id: string; name: string; apiKeys: Record<Role, string> }[]
  users: { email: string; password: string; role: string; organization: string }[]
}

const staff: Person[] = [
  { name: 'Ana Ruiz', email: 'ana.ruiz@northwind.example', role: 'OrgAdmin' },
  { name: 'Tom Becker', email: 'tom.becker@northwind.example', role: 'Auditor' },
  { name: 'Priya Nair', email: 'priya.nair@northwind.example', role: 'Auditor' },
]

const organizations: Organization[] = [
  {
    name: 'Northwind MSP',
    prefix: 'NW',
    people: [
      { name: 'Vera Lind', email: 'vera.lind@northwind.example', role: 'Viewer' },
      { name: 'Ole Hansen', email: 'ole.hansen@northwind.example', role: 'Requester' },
    ],
    tickets: 24,
  },
  {
    name: 'Contoso Clinics',
    prefix: 'TATER',
    tickets: 84,
    people: [
      { name: 'Dr. Lena Vogt', email: 'lena.vogt@contoso.example', role: 'OrgAdmin' },
      { name: 'Samir Haddad', email: 'samir.haddad@contoso.example', role: 'Viewer' },
      { name: 'Julia Brandt', email: 'julia.brandt@contoso.example', role: 'Requester' },
      { name: 'سارة الأحمد', email: 'sara.alahmad@contoso.example', role: 'Requester' },
    ],
  },
  {
    name: 'Fabrikam Manufacturing',
    prefix: 'FAB',
    tickets: 56,
    people: [
      { name: 'Jonas Keller', email: 'jonas.keller@fabrikam.example', role: 'OrgAdmin' },
      { name: 'Mei Tanaka', email: 'mei.tanaka@fabrikam.example', role: 'Viewer' },
      { name: 'Paulo Costa', email: 'paulo.costa@fabrikam.example', role: 'Requester' },
    ],
  },
  {
    name: 'Litware Legal',
    prefix: 'LIT',
    tickets: 36,
    people: [
      { name: 'Grace O’Neill', email: 'grace.oneill@litware.example', role: 'OrgAdmin' },
      { name: 'Ben Adler', email: 'ben.adler@litware.example', role: 'Viewer' },
      { name: 'Chloé Martin', email: 'chloe.martin@litware.example', role: 'Requester' },
    ],
  },
]

const teams = ['Service desk', 'Network', 'Workplace', 'Security']
const hour = 3_600_000
const day = 24 * hour

/** @param ownerUrl the database as its owner; @param url where the product will be reached */
export async function seedDemo(ownerUrl: string, url: string, secret: string): Promise<Demo> {
  const { appUrl } = await prepareDatabase(ownerUrl)
  const database = openDatabase({ url: appUrl })
  const clock = { at: new Date() }
  const execute = executor({ database, secret, enqueue: async () => {}, publicUrl: url, now: () => clock.at })
  const password = `demo-${randomBytes(3).toString('hex')}-${randomBytes(3).toString('hex')}`
  const demo: Demo = { url, organizations: [], users: [] }
  try {
    clock.at = new Date(Date.now() - 45 * day)
    const system = (id: string | null) => identity.systemCaller(id)
    const admin = { name: 'Robin Admin', email: 'admin@tater.example' }
    const first = await execute(identity.setUp, system(null), { ...admin, password, organizationName: organizations[0]!.name })
    demo.users.push({ email: admin.email, password, role: 'SuperAdmin', organization: organizations[0]!.name })
    for (const [index, organization] of organizations.entries()) {
      const id =
        index === 0
          ? first.organizationId
          : (
              await execute(identity.createOrganization, system(null), {
                name: organization.name,
                ticketPrefix: organization.prefix,
              })
            ).id
      await execute(profiles.seedDefaults, system(id), {})
      await addPeople(execute, id, organization, password, demo)
      demo.organizations.push({ id, name: organization.name, apiKeys: await addKeys(execute, id, organization) })
      await fill(execute, clock, id, organization, dice(index + 1))
      await fillRegister(execute, clock, id, staff[0]!.email, index)
    }
    clock.at = new Date(Date.now() - 40 * day)
    await addClients(execute, demo, first.userId, password)
    clock.at = new Date()
    return demo
  } finally {
    await database.close()
  }
}

/** Northwind is a provider with a client at each tier; one of its people is nowhere else a member. */
async function addClients(execute: Execute, demo: Demo, superAdminId: string, password: string) {
  const [northwind, ...clients] = demo.organizations
  const system = identity.systemCaller(northwind!.id)
  const [ana] = staff
  const root: Caller = {
    ...system,
    actor: { ...system.actor, id: superAdminId, email: ana!.email, name: ana!.name, organizationName: northwind!.name },
  }
  await execute(msp.saveOrganization, root, { organizationId: northwind!.id, isMsp: true })
  const nora = { name: 'Nora Falk', email: 'nora.falk@northwind.example', role: 'ServiceProvider' }
  await execute(identity.addMember, system, { ...nora, password })
  demo.users.push({ email: nora.email, password, role: nora.role, organization: northwind!.name })
  const tiers = ['T3', 'T2', 'T1'] as const
  const seats = [25, 5, 0]
  for (const [index, client] of clients.entries()) {
    const organizationId = client.id
    await execute(msp.saveOrganization, root, { organizationId, managedBy: northwind!.id })
    await execute(msp.addClient, root, { organizationId, tier: tiers[index] ?? 'T1' })
    await execute(msp.saveLicense, root, { organizationId, seatLimit: seats[index] ?? 0 })
  }
}

async function addPeople(
  execute: Execute,
  id: string,
  { name: organization, people }: Organization,
  password: string,
  demo: Demo,
) {
  for (const person of [...staff, ...people]) {
    await execute(identity.addMember, identity.systemCaller(id), { ...person, password })
    demo.users.push({ email: person.email, password, role: person.role, organization })
  }
}

async function addKeys(execute: Execute, id: string, { name }: Organization) {
  const keys: [Role, string][] = []
  for (const role of ['OrgAdmin', 'Auditor', 'Viewer', 'Requester'] as const) {
    const { key } = await execute(identity.createKey, identity.systemCaller(id), {
      name: `Demo ${role} of ${name}`,
      role,
      email: `${role.toLowerCase()}.key@tater.example`,
    })
    keys.push([role, key])
  }
  return Object.fromEntries(keys) as Record<Role, string>
}

/** The same numbers at every start, so that the demo looks alike everywhere. */
function dice(seed: number) {
  let state = seed * 2_654_435_761
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
  return {
    next,
    pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!,
    between: (low: number, high: number) => low + next() * (high - low),
  }
}
type Dice = ReturnType<typeof dice>

const as = (person: Person, organizationId: string, organizationName: string, channel: Channel = 'web'): Caller => ({
  actor: {
    id: null,
    kind: 'user',
    email: person.email,
    name: person.name,
    organizationId,
    organizationName,
    role: person.role,
    superAdmin: false,
    provider: null,
    permissions: permissionsOf(person.role === 'Requester' ? 'Auditor' : person.role),
  },
  channel,
  requestId: `demo-${channel}`,
})

type Stage = { execute: Execute; clock: { at: Date }; organizationId: string; organization: Organization; dice: Dice }

async function fill(execute: Execute, clock: { at: Date }, organizationId: string, organization: Organization, luck: Dice) {
  const stage = { execute, clock, organizationId, organization, dice: luck }
  const now = Date.now()
  const starts = Array.from({ length: organization.tickets }, () => now - luck.between(0.02, 1) ** 2.4 * 42 * day).sort(
    (a, b) => a - b,
  )
  for (const [index, start] of starts.entries()) {
    const scenario = scenarios[(index * 7 + organization.name.length) % scenarios.length]!
    await play(stage, scenario, start, now)
  }
  clock.at = new Date(now)
}

/** One ticket from its opening to wherever it stands by now. */
async function play(stage: Stage, scenario: Scenario, start: number, now: number) {
  const { execute, clock, organizationId, organization, dice: luck } = stage
  const technician = luck.pick(staff.slice(1))
  const requester = luck.pick(organization.people.filter((person) => person.role === 'Requester'))
  const worker = as(technician, organizationId, organization.name, luck.pick(['web', 'web', 'web', 'claude'] as const))
  const asker = as(requester, organizationId, organization.name)
  clock.at = new Date(start)
  const task = await execute(tasks.create, worker, opening(stage, scenario, technician, requester))
  let time = start
  const talk = [...scenario.talk]
  const pace = luck.between(0.2, 2.2)
  const way = wayOf(scenario, luck)
  // What is young is often still open; what is old is done.
  const reached = now - start < 6 * day && luck.next() < 0.75 ? Math.floor(luck.next() * way.length) : way.length
  for (const step of way.slice(0, reached)) {
    time += luck.between(0.15, 9) * hour * pace
    if (time > now) break
    clock.at = new Date(time)
    const said = talk.shift()
    if (said)
      await execute(comments.add, said[0] === 'r' ? asker : worker, {
        taskId: task.id,
        body: said[1],
        visibility: said[0] === 'n' ? 'internal' : 'public',
      })
    clock.at = new Date(time + 60_000)
    await execute(tasks.update, worker, { taskId: task.id, ...step })
  }
  for (const [who, body] of talk) {
    time += luck.between(0.2, 3) * hour
    if (time > now) break
    clock.at = new Date(time)
    await execute(comments.add, who === 'r' ? asker : worker, {
      taskId: task.id,
      body,
      visibility: who === 'n' ? 'internal' : 'public',
    })
  }
}

const shown = (scenario: Scenario, ...profilesThatShow: Scenario['profile'][]) => profilesThatShow.includes(scenario.profile)

function opening({ organizationId, dice: luck }: Stage, scenario: Scenario, technician: Person, requester: Person) {
  const { profile, title, description, category } = scenario
  const itil = shown(scenario, 'itil-incident', 'itil-service-request')
  return {
    title,
    description,
    category,
    profileId: `profile-${profile}-${organizationId}`,
    tags: scenario.tags ?? [],
    assignedToEmail: technician.email,
    assignedToName: technician.name,
    ...(profile === 'itil-incident' && {
      impact: scenario.impact ?? 'Low',
      urgency: scenario.urgency ?? 'Low',
      contactEmail: requester.email,
    }),
    ...(profile !== 'itil-incident' && { priority: luck.pick(['High', 'Normal', 'Normal', 'Low']) }),
    ...(shown(scenario, 'itil-problem', 'nist-ir') && { severity: scenario.severity ?? 'Medium' }),
    ...(profile !== 'basic' && {
      source: luck.pick(['Email', 'Phone', 'Portal']),
      teamId: luck.pick(teams),
      configurationItems: scenario.items ?? [],
    }),
    ...(itil && { requesterEmail: requester.email, requesterName: requester.name }),
    ...(shown(scenario, 'itil-incident', 'itil-service-request', 'itil-problem') &&
      scenario.service && { businessService: scenario.service }),
    ...(profile === 'nist-ir' && { visibility: 'Internal' }),
    watchers: luck.next() < 0.3 ? [staff[0]!.email] : [],
  }
}

/** How far it has come, with what each move needs. */
function wayOf({ profile, resolution }: Scenario, luck: Dice): Record<string, string>[] {
  const [resolutionCode = 'Done', resolutionNotes = 'Done.'] = resolution ?? []
  const solved = { resolutionCode, resolutionNotes }
  const pause = luck.next() < 0.3
  const way: Record<Scenario['profile'], Record<string, string>[]> = {
    basic: [{ status: 'In Progress' }, { status: 'Closed' }],
    'itil-incident': [
      { status: 'Assigned' },
      { status: 'In Progress' },
      ...(pause ? [{ status: 'On Hold' }, { status: 'In Progress' }] : []),
      { status: 'Resolved', ...solved },
      { status: 'Closed' },
    ],
    'itil-service-request': [
      ...(luck.next() < 0.6 ? [{ status: 'Approval Pending' }] : []),
      { status: 'Assigned' },
      { status: 'In Progress' },
      { status: 'Fulfilled', ...solved },
      { status: 'Closed' },
    ],
    'itil-problem': [
      { status: 'Assigned' },
      { status: 'Investigating' },
      { status: 'Known Error' },
      { status: 'Resolved', resolutionNotes },
      { status: 'Closed' },
    ],
    'nist-ir': [
      { status: 'Triage' },
      { status: 'Contained' },
      { status: 'Eradicating' },
      { status: 'Recovering' },
      { status: 'Resolved', ...solved },
      { status: 'Post-Incident Review' },
      { status: 'Closed' },
    ],
  }
  return luck.next() < 0.06 && profile === 'itil-incident' ? [{ status: 'Assigned' }, { status: 'Cancelled' }] : way[profile]
}
