/** Open tasks keep the version of the profile they were made with, until somebody brings them to the current one. */
import { z } from 'zod'
import { text } from '../../../platform/fields.ts'
import { listed } from '../../../platform/messages.ts'
import { command, query } from '../../../platform/operation.ts'
import { compileProfile, type SlaState } from '../../profiles/contract.ts'
import { type BoundProfile, currentProfile } from '../../profiles/operations.ts'
import { writeChange } from '../change.ts'
import { keyOf } from '../present.ts'
import { prefixOf } from '../process.ts'
import * as queries from '../queries.ts'
import { MappingNeeded, say } from '../rules.ts'

const ProfileId = text(120)

export const previewMigration = query({
  name: 'tasks.preview-migration',
  summary: 'Which open tasks still follow an older version of a profile, and which of their states are gone',
  route: 'GET /tasker/profiles/:profileId/migration',
  permission: 'profiles.read',
  input: z.strictObject({ profileId: ProfileId }),
  output: z.object({
    toVersion: z.number().int(),
    tasks: z.number().int(),
    states: z.array(
      z.object({
        status: z.string(),
        tasks: z.number().int(),
        known: z.boolean().describe('false: the current version has no such state; say where its tasks go'),
      }),
    ),
    statuses: z.array(z.string()).describe('States of the current version'),
  }),
  async run(ctx, { profileId }) {
    const bound = await currentProfile(ctx, profileId)
    const counts = await queries.countByState(ctx.db, profileId, bound.profileVersion!)
    const byStatus = new Map<string, number>()
    for (const { status, tasks } of counts) byStatus.set(status, (byStatus.get(status) ?? 0) + Number(tasks))
    const states = [...byStatus].map(([status, tasks]) => ({ status, tasks, known: bound.profile.state(status) !== undefined }))
    return {
      toVersion: bound.profileVersion!,
      tasks: states.reduce((sum, { tasks }) => sum + tasks, 0),
      states,
      statuses: bound.profile.states.map((state) => state.status),
    }
  },
})

/** Tasks brought over in one transaction; a longer migration is repeated until none is left. */
const atOnce = 2000

export const migrate = command({
  name: 'tasks.migrate',
  summary: 'Bring open tasks to the current version of their profile',
  route: 'POST /tasker/profiles/:profileId/migration',
  permission: 'profiles.manage',
  success: 200,
  input: z.strictObject({
    profileId: ProfileId,
    stateMap: z
      .record(text(60), text(60))
      .default({})
      .describe('Where tasks of a state that is gone go: {"Old state": "New state"}'),
  }),
  output: z.object({ migrated: z.number().int(), remaining: z.number().int() }),
  async run(ctx, { profileId, stateMap }) {
    const bound = await currentProfile(ctx, profileId)
    const tasks = await queries.lockTasksOfOldVersions(ctx.db, profileId, bound.profileVersion!, atOnce + 1)
    const batch = tasks.slice(0, atOnce)
    const target = destinations(
      bound,
      batch.map((task) => task.status),
      stateMap,
    )
    const prefix = await prefixOf(ctx)
    await Promise.all(
      batch.map((task) => {
        const state = target(task.status)
        const moved = state.status === task.status ? null : { from: task.status, to: state.status, category: state.category }
        ctx.record(
          'task.migrated',
          { type: 'task', id: task.id },
          {
            key: keyOf(prefix, task.number),
            fromVersion: task.profileVersion!,
            toVersion: bound.profileVersion!,
            before: { status: task.status },
            after: { status: state.status },
          },
        )
        const after = { profileVersion: bound.profileVersion, ...(moved && { status: moved.to }) }
        return writeChange(ctx, task, keyOf(prefix, task.number), {
          before: { profileVersion: task.profileVersion },
          after,
          sla: task.sla as unknown as SlaState,
          move: moved,
        })
      }),
    )
    ctx.record(
      'profile.migrated',
      { type: 'profile', id: profileId },
      { name: bound.profile.name, toVersion: bound.profileVersion!, tasks: batch.length },
    )
    return { migrated: batch.length, remaining: tasks.length > atOnce ? 1 : 0 }
  },
})

/** Where each state's tasks go; a state that is gone and not mapped, or mapped to nowhere, stops everything. */
function destinations({ document }: BoundProfile, statuses: string[], stateMap: Record<string, string>) {
  const profile = compileProfile(document)
  const names = profile.states.map((state) => state.status).join(', ')
  const targetOf = (status: string) => profile.state(status) ?? profile.state(stateMap[status] ?? '')
  const gone = [...new Set(statuses)].filter((status) => !targetOf(status))
  if (gone.length > 0) {
    throw MappingNeeded(say.mapping({ states: listed(gone), example: `{"${gone[0]}": "…"}`, names }), { states: gone })
  }
  return (status: string) => targetOf(status)!
}
