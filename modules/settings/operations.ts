import { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import { Id, text } from '../../platform/fields.ts'
import { v7 } from '../../platform/ids.ts'
import { memory } from '../../platform/memory.ts'
import { command, query } from '../../platform/operation.ts'
import { Stale } from '../../platform/problem.ts'
import { onIdentityChange } from '../identity/operations.ts'
import {
  Branding,
  Category,
  Color,
  categoryInput,
  Priority,
  PriorityInput,
  type RequestField,
  Settings,
  standardCategories,
  standardPriorities,
  Team,
  TeamInput,
} from './contract.ts'
import * as queries from './queries.ts'
import { NoSuchSetting, obstacleToLogo, obstacleToPlacing, obstacleToPriorities, pathOf, say } from './rules.ts'

export const get = query({
  name: 'settings.get',
  summary: 'Categories, priorities, teams and branding of the organization',
  route: 'GET /settings',
  permission: 'settings.read',
  input: z.strictObject({}),
  output: Settings,
  run: (ctx) => settingsOf(ctx),
})

export const saveCategory = command({
  name: 'settings.save-category',
  summary: 'Create or change a category; a new name is carried to its tasks',
  route: 'POST /settings/categories',
  permission: 'settings.manage',
  success: 200,
  input: z.strictObject({
    id: Id.optional().describe('Present: change this one'),
    version: z.number().int().optional(),
    ...categoryInput,
  }),
  output: Category,
  async run(ctx, { id, version, ...wanted }) {
    const categories = await ownCategories(ctx)
    const current = categories.find((category) => category.id === id)
    if (id && !current) throw NoSuchSetting(say.noCategory)
    if (current && version !== undefined && version !== current.version) throw Stale(say.stale, { current, yours: wanted })
    const obstacle = obstacleToPlacing(categories, id ?? null, wanted)
    if (obstacle) throw obstacle
    const row = { ...rowOf(wanted), id: id ?? v7() }
    if (current) await queries.updateCategory(ctx.db, { ...row, version: current.version + 1 })
    else await queries.insertCategories(ctx.db, [row])
    const { path: _, ...before } = current ?? { path: [] }
    ctx.record(
      'category.saved',
      { type: 'category', id: row.id },
      { name: wanted.name, before: current ? before : null, after: wanted },
    )
    changed(ctx)
    return present(await queries.listCategories(ctx.db)).find((category) => category.id === row.id)!
  },
})

export const archiveCategory = command({
  name: 'settings.archive-category',
  summary: 'Retire a category; tasks that carry it keep it',
  route: 'DELETE /settings/categories/:categoryId',
  permission: 'settings.manage',
  input: z.strictObject({ categoryId: Id }),
  output: z.object({ id: z.string() }),
  async run(ctx, { categoryId }) {
    const categories = await ownCategories(ctx)
    const category = categories.find((each) => each.id === categoryId)
    if (!category) throw NoSuchSetting(say.noCategory)
    for (const each of categories)
      if (each.path.slice(0, category.path.length).join('\u0000') === category.path.join('\u0000'))
        await queries.archiveCategory(ctx.db, each.id, ctx.now)
    ctx.record('category.archived', { type: 'category', id: categoryId }, { name: category.name })
    changed(ctx)
    return { id: categoryId }
  },
})

export const savePriorities = command({
  name: 'settings.save-priorities',
  summary: 'Relabel, recolour, add and order priorities; the first is the highest',
  route: 'PUT /settings/priorities',
  permission: 'settings.manage',
  input: z.strictObject({ priorities: z.array(PriorityInput).min(4).max(20) }),
  output: z.object({ priorities: z.array(Priority) }),
  async run(ctx, input) {
    const obstacle = obstacleToPriorities(input.priorities)
    if (obstacle) throw obstacle
    await queries.lockSettings(ctx.db)
    const before = (await settingsOf(ctx)).priorities
    const rows = input.priorities.map((priority, index) => ({ ...priority, rank: index + 1 }))
    await queries.replacePriorities(ctx.db, rows)
    ctx.record(
      'priorities.saved',
      { type: 'organization', id: ctx.organizationId },
      { before: { priorities: before }, after: { priorities: rows } },
    )
    changed(ctx)
    return { priorities: rows }
  },
})

export const saveTeam = command({
  name: 'settings.save-team',
  summary: 'Create or change a team',
  route: 'POST /settings/teams',
  permission: 'settings.manage',
  success: 200,
  input: TeamInput,
  output: Team,
  async run(ctx, { id, name, leadEmail, members }) {
    const before = (await queries.listTeams(ctx.db)).find((team) => team.id === id) ?? null
    const unique = [...new Set(members)]
    await queries.saveTeam(ctx.db, { id, name, lead_email: leadEmail, members: unique })
    ctx.record('team.saved', { type: 'team', id }, { name, before, after: { id, name, leadEmail, members: unique } })
    changed(ctx)
    return { id, name, leadEmail, members: unique }
  },
})

export const archiveTeam = command({
  name: 'settings.archive-team',
  summary: 'Retire a team; tasks that carry it keep it',
  route: 'DELETE /settings/teams/:teamId',
  permission: 'settings.manage',
  input: z.strictObject({ teamId: text(120) }),
  output: z.object({ id: z.string() }),
  async run(ctx, { teamId }) {
    const archived = await queries.archiveTeam(ctx.db, teamId, ctx.now)
    if (!archived) throw NoSuchSetting(say.noTeam)
    ctx.record('team.archived', { type: 'team', id: teamId }, archived)
    changed(ctx)
    return { id: teamId }
  },
})

export const saveBranding = command({
  name: 'settings.save-branding',
  summary: "Set the organization's accent colour and logo",
  route: 'PUT /settings/branding',
  permission: 'branding.manage',
  input: z.strictObject({
    accent: Color.default(''),
    logo: text(140_100).default('').describe('data: address of a picture up to 100 KB, or nothing'),
  }),
  output: Branding,
  async run(ctx, branding) {
    const obstacle = obstacleToLogo(branding.logo)
    if (obstacle) throw obstacle
    const { accent } = (await settingsOf(ctx)).branding
    await queries.saveBranding(ctx.db, branding)
    ctx.record(
      'branding.saved',
      { type: 'organization', id: ctx.organizationId },
      { before: { accent }, after: { accent: branding.accent, logo: branding.logo !== '' } },
    )
    changed(ctx)
    return branding
  },
})

type Stored = Awaited<ReturnType<typeof queries.listCategories>>

const present = (rows: Stored): Category[] =>
  rows.map((row) => ({ ...row, fields: row.fields as RequestField[], path: pathOf(rows, row.id) }))

function rowOf(wanted: Omit<Category, 'id' | 'path' | 'version'>): Omit<queries.CategoryRow, 'id'> {
  const { parentId, defaultPriority, responseMinutes, resolutionMinutes, fields, ...rest } = wanted
  return {
    ...rest,
    parent_id: parentId,
    default_priority: defaultPriority,
    response_minutes: responseMinutes,
    resolution_minutes: resolutionMinutes,
    fields: JSON.stringify(fields),
  }
}

/** The organization's own categories, locked; the standard ones become its own at the first change. */
async function ownCategories(ctx: Context): Promise<Category[]> {
  await queries.lockSettings(ctx.db)
  const own = await queries.listCategories(ctx.db)
  if (own.length > 0) return present(own)
  const rows = standardCategories.map(({ path: _, version: __, id, ...category }) => ({ ...rowOf(category), id }))
  await queries.insertCategories(ctx.db, rows)
  return present(await queries.listCategories(ctx.db))
}

const remembered = memory<Settings>(60_000)
onIdentityChange(() => remembered.clear())

const changed = (ctx: Context) => ctx.afterCommit(() => remembered.forget(ctx.organizationId))

/** Settings of the running organization, for every door and every create: kept in memory until they change anywhere. */
export async function settingsOf(ctx: Pick<Context, 'db' | 'organizationId'>): Promise<Settings> {
  const known = remembered.get(ctx.organizationId)
  if (known) return known
  const [categories, priorities, teams, own] = await Promise.all([
    queries.listCategories(ctx.db),
    queries.listPriorities(ctx.db),
    queries.listTeams(ctx.db),
    queries.findOrganization(ctx.db),
  ])
  const settings: Settings = {
    categories: categories.length > 0 ? present(categories) : standardCategories,
    priorities: priorities.length > 0 ? priorities : standardPriorities,
    teams,
    branding: { accent: '', logo: '', ...(own.settings as { branding?: z.output<typeof Branding> }).branding },
    ticketPrefix: own.ticketPrefix,
  }
  remembered.set(ctx.organizationId, settings)
  return settings
}
