import { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import { text } from '../../platform/fields.ts'
import { v7 } from '../../platform/ids.ts'
import { asMessage, english } from '../../platform/messages.ts'
import { command, query } from '../../platform/operation.ts'
import { firstOf, Stale } from '../../platform/problem.ts'
import { settingsOf } from '../settings/operations.ts'
import {
  compileProfile,
  createReplay,
  presets,
  seeds,
  type TaskerProfile,
  taskerProfileSchema,
  type ValidationOptions,
  validateProfile,
} from './contract.ts'
import * as queries from './queries.ts'
import { ProfileInvalid, planSeeding, profileIdFor, SystemProfile, say } from './rules.ts'
import { currentProfile, forgetCurrent, noSuchProfile } from './versions.ts'

export { type BoundProfile, currentProfile, profileVersion } from './versions.ts'

const ProfileId = text(120).describe('Profile id, such as profile-itil-incident-<organization>')

const kept = {
  id: z.string(),
  isSystem: z.boolean().describe('Seeded: can be edited, not deleted'),
  seedKey: z.string().nullable(),
  version: z.number().int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  updatedBy: z.string(),
}
const documentShape = Object.fromEntries(
  Object.keys(taskerProfileSchema.shape)
    .filter((key) => key !== 'version')
    .map((key) => [key, documented(key)]),
)

/** Checked by `validateProfile`, which knows more and says it better; the schema is there for the documentation. */
function documented(key: string) {
  const schema = taskerProfileSchema.shape[key as keyof typeof taskerProfileSchema.shape]
  return z
    .unknown()
    .meta(z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>)
    .optional()
}

/** A profile as the outside sees it: the document its author wrote, and what is known about it. */
export const Profile = z.object({ ...kept, ...documentShape, name: z.string() })
const Warnings = z.array(z.object({ path: z.string(), message: z.string() }))
const ProfileBrief = z.object({
  ...kept,
  name: z.string(),
  description: z.string(),
  standardSource: z.string(),
  statuses: z.array(z.string()),
})

export const list = query({
  name: 'profiles.list',
  summary: 'List the process profiles of the organization',
  route: 'GET /tasker/profiles',
  permission: 'profiles.read',
  input: z.strictObject({}),
  output: z.object({ items: z.array(ProfileBrief) }),
  mcp: {
    tool: 'list_profiles',
    present: ({ items }) => items.map(({ id, name, standardSource, statuses }) => ({ id, name, standardSource, statuses })),
  },
  async run({ db }) {
    const rows = await queries.listProfiles(db)
    const items = rows.map(({ document, ...row }) => {
      const { description, statusFlow } = document as TaskerProfile
      return { ...row, description: description ?? '', statuses: statusFlow.map((state) => state.status) }
    })
    return { items }
  },
})

export const get = query({
  name: 'profiles.get',
  summary: 'Get a process profile: fields, status flow and SLA targets',
  route: 'GET /tasker/profiles/:profileId',
  permission: 'profiles.read',
  input: z.strictObject({ profileId: ProfileId }),
  output: Profile,
  mcp: { tool: 'get_profile' },
  run: async ({ db }, { profileId }) => present(await find(db, profileId)),
})

export const save = command({
  name: 'profiles.save',
  summary: 'Create a process profile, or save a new version of one',
  route: 'POST /tasker/profiles',
  permission: 'profiles.manage',
  input: z.strictObject({
    ...documentShape,
    id: text(120)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, english(say.id))
      .optional()
      .describe('Present: save this profile. Absent: create one'),
    version: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('The version this edit is based on; another current version is answered with 409'),
    isSystem: z.unknown().optional().describe('Read-only; ignored'),
    seedKey: z.unknown().optional().describe('Read-only; ignored'),
    createdAt: z.unknown().optional().describe('Read-only; ignored'),
    updatedAt: z.unknown().optional().describe('Read-only; ignored'),
    updatedBy: z.unknown().optional().describe('Read-only; ignored'),
  }),
  output: z.object({ ...Profile.shape, warnings: Warnings }),
  async run(ctx, input) {
    const { id, version, isSystem: _s, seedKey: _k, createdAt: _c, updatedAt: _u, updatedBy: _b, ...candidate } = input
    const { document, warnings } = valid(candidate, await optionsOf(ctx))
    const profileId = id ?? profileIdFor(document.name, v7().slice(-6))
    const current = await queries.lockProfile(ctx.db, profileId)
    if (current && version !== undefined && version !== current.version && !current.deletedAt) {
      const told = { version: String(current.version), person: current.updatedBy, yours: String(version) }
      throw Stale(say.stale(told), { version: current.version, yours: version })
    }
    const before = current && !current.deletedAt ? await queries.findVersion(ctx.db, profileId, current.version) : undefined
    await write(ctx, profileId, document, current?.version ?? 0, { seedKey: null, isSystem: false })
    ctx.record(
      'profile.saved',
      { type: 'profile', id: profileId },
      {
        name: document.name,
        version: (current?.version ?? 0) + 1,
        before: (before?.document as Record<string, unknown>) ?? null,
        after: document,
      },
    )
    return { ...present(await find(ctx.db, profileId)), warnings }
  },
})

export const remove = command({
  name: 'profiles.delete',
  summary: 'Delete a process profile; tasks that follow it keep their version',
  route: 'DELETE /tasker/profiles/:profileId',
  permission: 'profiles.manage',
  destructive: true,
  input: z.strictObject({ profileId: ProfileId }),
  output: z.object({ id: z.string() }),
  async run({ db, now, record, organizationId, afterCommit }, { profileId }) {
    const profile = await queries.lockProfile(db, profileId)
    if (!profile || profile.deletedAt) throw noSuchProfile(profileId)
    if (profile.isSystem) {
      throw SystemProfile(say.system({ profile: profile.name }))
    }
    await queries.deleteProfile(db, profileId, now)
    afterCommit(() => forgetCurrent(organizationId, profileId))
    record('profile.deleted', { type: 'profile', id: profileId }, { name: profile.name })
    return { id: profileId }
  },
})

export const seedDefaults = command({
  name: 'profiles.seed-defaults',
  summary: 'Add the five standard profiles that are not there yet',
  route: 'POST /tasker/profiles/seed-defaults',
  permission: 'profiles.manage',
  success: 200,
  input: z.strictObject({}),
  output: z.object({
    created: z.array(z.string()).describe('Ids of the profiles made'),
    skipped: z.array(z.string()).describe('Seeds that are there already'),
  }),
  async run(ctx) {
    await queries.lockSeeding(ctx.db)
    const plan = planSeeding(
      seeds.map(({ key, document }) => ({ key, name: document.name })),
      await queries.listSeeded(ctx.db),
      ctx.organizationId,
    )
    for (const { key, id } of plan.create) {
      const seed = seeds.find((each) => each.key === key)!
      await write(ctx, id, seed.document, 0, { seedKey: key, isSystem: true })
    }
    const answer = { created: plan.create.map(({ id }) => id), skipped: plan.skip }
    ctx.record('profile.seeded', { type: 'profile', id: ctx.organizationId }, answer)
    return answer
  },
})

export const versions = query({
  name: 'profiles.versions',
  summary: 'The versions of a profile, newest first',
  route: 'GET /tasker/profiles/:profileId/versions',
  permission: 'profiles.read',
  input: z.strictObject({ profileId: ProfileId }),
  output: z.object({
    items: z.array(z.object({ version: z.number().int(), createdAt: z.string(), createdBy: z.string(), document: z.unknown() })),
  }),
  async run({ db }, { profileId }) {
    const items = await queries.listVersions(db, profileId)
    if (items.length === 0) throw noSuchProfile(profileId)
    return { items: items.map(({ document, ...row }) => ({ ...row, document: document as unknown })) }
  },
})

export const replay = query({
  name: 'profiles.replay',
  summary: 'Replay a log of status changes against a profile: what would it have refused?',
  route: 'POST /tasker/profiles/replay',
  permission: 'profiles.read',
  success: 200,
  input: z.strictObject({
    profileId: ProfileId.optional().describe('A saved profile; or give `profile`'),
    profile: z.unknown().optional().describe('A profile document that need not be saved'),
    preset: z
      .enum(Object.keys(presets) as [string, ...string[]])
      .default('generic')
      .describe('How columns, dates and states of the log are read'),
    events: z
      .array(z.strictObject({ case: text(200), time: text(60).default(''), status: text(200) }))
      .max(100_000, english(say.events)),
  }),
  output: z.object({
    accepted: z.number().int(),
    refused: z.number().int(),
    casesWhollyLegal: z.number().int(),
    cases: z.number().int(),
    events: z.number().int(),
    unknownStates: z.array(z.string()),
    moves: z.array(z.object({ from: z.string(), to: z.string(), count: z.number().int(), accepted: z.boolean() })),
  }),
  async run(ctx, { profileId, profile, preset, events }) {
    const document =
      profile !== undefined
        ? valid(profile, await optionsOf(ctx)).document
        : (await currentProfile(ctx, profileId ?? null)).document
    const log = createReplay(compileProfile(document), presets[preset])
    for (const event of events) log.add(event)
    return log.result()
  },
})

type FoundProfile = NonNullable<Awaited<ReturnType<typeof queries.findProfile>>>

const present = ({ document, ...row }: FoundProfile) => ({ ...(document as TaskerProfile), ...row })

async function find(db: Context['db'], id: string) {
  const profile = await queries.findProfile(db, id)
  if (!profile) throw noSuchProfile(id)
  return profile
}

/** The organization's own priorities (a profile may have targets for each of them), and the language of whoever asks. */
async function optionsOf(ctx: Context): Promise<ValidationOptions> {
  const { priorities } = await settingsOf(ctx)
  return { priorities: priorities.map(({ name }) => name), language: ctx.language ?? 'en' }
}

function valid(candidate: unknown, options: ValidationOptions) {
  const result = validateProfile(candidate, options)
  if (result.ok) return { document: result.document, warnings: result.warnings.map(({ path, message }) => ({ path, message })) }
  const errors = result.errors.map(({ path, message, code }) => ({ pointer: `#${path}`, detail: asMessage(message), code }))
  throw ProfileInvalid(firstOf(errors.map(({ detail }) => detail)), { errors })
}

async function write(
  ctx: Context,
  id: string,
  document: TaskerProfile,
  version: number,
  origin: { seedKey: string | null; isSystem: boolean },
) {
  const row = {
    id,
    name: document.name,
    standard_source: document.standardSource ?? '',
    version: version + 1,
    updated_at: ctx.now,
    updated_by: ctx.actor.email,
  }
  ctx.afterCommit(() => forgetCurrent(ctx.organizationId, id))
  if (version === 0) await queries.insertProfile(ctx.db, { ...row, seed_key: origin.seedKey, is_system: origin.isSystem })
  else await queries.updateProfile(ctx.db, row)
  await queries.insertVersion(ctx.db, {
    profile_id: id,
    version: version + 1,
    document: JSON.stringify(document),
    created_by: ctx.actor.email,
  })
}
