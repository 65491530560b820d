/** Random walks: whatever is asked of the evaluator, a task never leaves the law of its profile. The law is read here from the document alone. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  defaultLifecycle,
  describeProcess,
  evaluateCreate,
  evaluateUpdate,
  fieldAliases,
  type SlaState,
  seeds,
  type TaskerProfile,
} from './contract.ts'
import { goodValue, profiles, ruleNames } from './test-profiles.ts'

type Task = Record<string, unknown>
const t0 = Date.parse('2026-05-04T08:00:00Z')
const key = (name: string) => name.toLowerCase().replace(/[\s\-_]/g, '')
const canonical = (name: string) => fieldAliases[name] ?? name
const custom = new Set(['costCenter', 'budget', 'shade'])
/** Written by the clocks, whoever sees them. */
const computed = new Set(['responseDueAt', 'resolutionDueAt'])
const empty = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
const at = (task: Task, name: string) =>
  custom.has(name) ? (task.customFields as Task | undefined)?.[name] : task[canonical(name)]
const stateOf = (profile: TaskerProfile, name: unknown) =>
  profile.statusFlow.find((state) => key(state.status) === key(String(name)))!

const respell = (name: string, how: number) =>
  [name, name.toUpperCase(), name.replace(/ /g, ''), name.toLowerCase().replace(/ /g, '_')][how % 4]!

type Ask = { status: number | null; spelling: number; fields: [string, 'good' | 'bad' | 'none'][]; gap: number }
const anyField = fc.constantFrom(
  ...ruleNames,
  'priority',
  'resolutionNotes',
  'source',
  'visibility',
  'assignedToEmail',
  'description',
  'costCenter',
  'budget',
  'shade',
)
const ask: fc.Arbitrary<Ask> = fc.record({
  status: fc.option(fc.nat(11), { freq: 4 }),
  spelling: fc.nat(3),
  fields: fc.array(fc.tuple(anyField, fc.constantFrom('good', 'good', 'bad', 'none')), { maxLength: 3 }),
  gap: fc.nat(300),
})

/** The patch an ask stands for, under this profile. */
function patchOf(profile: TaskerProfile, { status, spelling, fields }: Ask): Task {
  const patch: Task = {}
  const own: Task = {}
  for (const [name, kind] of fields) {
    const value =
      kind === 'good' ? (name === 'assignedToEmail' ? 'a@example.org' : goodValue(name)) : kind === 'bad' ? { wrong: true } : null
    if (!custom.has(name)) patch[name] = value
    else if (profile.customFields) own[name] = value
  }
  if (Object.keys(own).length > 0) patch.customFields = own
  const state = status === null ? undefined : profile.statusFlow[status]?.status
  if (status !== null) patch.status = state ? respell(state, spelling) : 'Nowhere'
  return patch
}

const everything: Task = {
  title: 'x',
  description: 'y',
  category: 'IT',
  priority: 'High',
  requesterEmail: 'r@example.org',
  assignedToEmail: 'a@example.org',
}
/** An input with all the profile requires and shows. */
function fullInput(profile: TaskerProfile): Task {
  const rules = Object.entries(profile.fieldRules ?? {}).filter(([, rule]) => rule.required && rule.visible !== false)
  const own: Task = {}
  const input: Task = {}
  for (const [name] of rules) {
    if (custom.has(name)) own[name] = goodValue(name)
    else input[canonical(name)] = everything[name] ?? goodValue(name)
  }
  return { ...input, priority: 'High', ...(Object.keys(own).length > 0 && { customFields: own }) }
}

function checkStored(profile: TaskerProfile, task: Task) {
  for (const [name, rule] of Object.entries(profile.fieldRules ?? {})) {
    if (rule.required) expect(empty(at(task, name)), `${name} is required`).toBe(false)
    if (rule.visible === false && rule.default === undefined && !computed.has(name))
      expect(empty(at(task, name)) || at(task, name) === false, `${name} is hidden`).toBe(true)
  }
  expect(['Critical', 'High', 'Normal', 'Low', undefined, null]).toContain(task.priority)
  expect(stateOf(profile, task.status).status, 'the flow’s own spelling').toBe(task.status)
  const sla = task.sla as SlaState
  for (const clock of [sla.response, sla.resolution]) {
    if (!clock) continue
    expect(clock.dueAt === null).toBe(!clock.stoppedAt && clock.pauses.at(-1)?.to === null)
    if (clock.dueAt) expect(clock.dueAt >= clock.startedAt).toBe(true)
    expect(Boolean(clock.metAt)).toBe(Boolean(clock.stoppedAt && clock.metAt === clock.stoppedAt))
  }
  expect(task.responseDueAt ?? null).toBe(sla.response?.dueAt ?? null)
  expect(task.resolutionDueAt ?? null).toBe(sla.resolution?.dueAt ?? null)
}

/** What the document alone says about a move: null when it is none. */
function lawOf(profile: TaskerProfile, before: Task, after: Task, status: unknown): boolean | null {
  if (status === undefined || key(String(status)) === key(String(before.status))) return null
  const target = stateOf(profile, status)
  if (!target || !stateOf(profile, before.status).allowedTransitions.some((name) => key(name) === key(target.status)))
    return false
  // Only a hidden field is filled with its default; one that people see and emptied is missing.
  const filled = (name: string) => profile.fieldRules?.[name]?.visible === false && profile.fieldRules[name].default !== undefined
  return (target.requiredFields ?? []).every((name) => !empty(at(after, name)) || filled(name))
}

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

function step(profile: TaskerProfile, task: Task, wanted: Ask, now: Date): Task {
  const patch = freeze(patchOf(profile, wanted))
  const result = evaluateUpdate(profile, freeze(task), patch, { now })
  if (!result.ok) {
    expect(result.refusal.problems.length).toBeGreaterThan(0)
    expect(result.refusal.message).not.toBe('')
    if (Object.keys(patch).length === 1 && 'status' in patch)
      expect(lawOf(profile, task, task, patch.status), 'only what is illegal is refused').toBe(false)
    const hasFieldProblem = result.refusal.problems.some(
      (each) => each.field !== 'status' && each.code !== 'fields-required-to-enter',
    )
    if (!hasFieldProblem)
      expect(
        lawOf(
          profile,
          task,
          { ...task, ...patch, customFields: { ...(task.customFields as Task), ...(patch.customFields as Task) } },
          patch.status,
        ),
      ).toBe(false)
    return task
  }
  const next: Task = { ...task, ...result.values, sla: result.sla }
  const law = lawOf(profile, task, next, patch.status)
  expect(law, 'what was accepted is legal').not.toBe(false)
  expect(result.move === null).toBe(law === null)
  expect(next.status).toBe(law === null ? task.status : stateOf(profile, patch.status).status)
  if (task.firstResponseAt) expect(next.firstResponseAt).toBe(task.firstResponseAt)
  checkStamps(profile, task, next, result.move !== null, now)
  checkStored(profile, next)
  return next
}

function checkStamps(profile: TaskerProfile, task: Task, next: Task, moved: boolean, now: Date) {
  const state = stateOf(profile, next.status)
  if (!moved) {
    for (const stamp of ['firstResponseAt', 'resolvedAt', 'closedAt']) expect(next[stamp]).toBe(task[stamp])
    return
  }
  if (state.setSlaResponded) expect(next.firstResponseAt).toBe(task.firstResponseAt ?? now.toISOString())
  if (state.setSlaResolved) expect(empty(next.resolvedAt)).toBe(false)
  if (state.setClosedAt) expect(empty(next.closedAt)).toBe(false)
  if (state.isTerminal) expect(empty(next.resolvedAt)).toBe(false)
}

function checkDescription(profile: TaskerProfile, task: Task, now: Date) {
  const told = describeProcess(profile, task, { now })
  const listed = new Set(told.moves.map((move) => move.to))
  expect(new Set([...listed, ...told.otherStates.map((each) => each.to), task.status]).size).toBe(profile.statusFlow.length)
  for (const move of told.moves)
    expect(evaluateUpdate(profile, task, { status: move.to }, { now }).ok, `${String(task.status)} → ${move.to}`).toBe(
      move.allowed,
    )
  for (const other of told.otherStates) {
    expect(evaluateUpdate(profile, task, { status: other.to }, { now }).ok).toBe(false)
    for (let [from, n] = [String(task.status), 0]; n < (other.way?.length ?? 0); n++) {
      expect(stateOf(profile, from).allowedTransitions.map(key)).toContain(key(other.way![n]!))
      from = other.way![n]!
    }
  }
}

function walk(profile: TaskerProfile, asks: Ask[]) {
  const reachable = new Set([key(profile.statusFlow.find((state) => state.isInitial)!.status)])
  for (const name of reachable) for (const to of stateOf(profile, name).allowedTransitions) reachable.add(key(to))
  let now = new Date(t0)
  const first = evaluateCreate(profile, freeze(fullInput(profile)), { now })
  expect(first.ok, first.ok ? '' : first.refusal.message).toBe(true)
  if (!first.ok) return
  let task: Task = { ...first.values, sla: first.sla }
  checkStored(profile, task)
  for (const wanted of asks) {
    now = new Date(now.getTime() + wanted.gap * 60_000)
    task = step(profile, task, wanted, now)
    expect(reachable.has(key(String(task.status)))).toBe(true)
    checkDescription(profile, task, now)
  }
}

const asks = fc.array(ask, { minLength: 5, maxLength: 40 })

describe('no walk leaves the law', () => {
  it('of random profiles', () => {
    fc.assert(fc.property(profiles, asks, walk), { numRuns: 300 })
  })

  it.each([...seeds.map((seed) => [seed.key, seed.document] as const), ['default', defaultLifecycle] as const])(
    'of %s',
    (_, profile) => {
      fc.assert(
        fc.property(asks, (list) => walk(profile, list)),
        { numRuns: 150 },
      )
    },
  )

  it('and no input makes a task that breaks it', () => {
    fc.assert(
      fc.property(profiles, ask, fc.boolean(), (profile, wanted, complete) => {
        const input = { ...(complete && fullInput(profile)), ...patchOf(profile, wanted) }
        const result = evaluateCreate(profile, freeze(input), { now: new Date(t0) })
        if (!result.ok) {
          expect(result.refusal.problems.length).toBeGreaterThan(0)
          return
        }
        checkStored(profile, { ...result.values, sla: result.sla })
        expect(stateOf(profile, result.values.status).isInitial).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
