/** What really happened, for a draft of a profile to be judged by. */
import { z } from 'zod'
import { text } from '../../../platform/fields.ts'
import { query } from '../../../platform/operation.ts'
import { movesSince } from '../../identity/operations.ts'
import { currentProfile } from '../../profiles/operations.ts'
import * as queries from '../queries.ts'

const day = 86_400_000

export const replayHistory = query({
  name: 'tasks.replay-history',
  replica: true,
  summary: 'The moves that tasks of a profile made lately, to judge a draft of it by',
  route: 'GET /tasker/profiles/:profileId/replay-history',
  permission: 'profiles.read',
  input: z.strictObject({ profileId: text(120), days: z.number().int().min(1).max(3660).default(90) }),
  output: z.object({
    since: z.string(),
    tasks: z.number().int().describe('Tasks that moved at all'),
    moves: z.array(z.object({ from: z.string(), to: z.string(), count: z.number().int() })),
    ways: z
      .array(z.object({ moves: z.array(z.number().int()), tasks: z.number().int() }))
      .describe('Tasks that made the same moves, by their place in `moves`'),
  }),
  async run(ctx, { profileId, days }) {
    await currentProfile(ctx, profileId)
    const since = new Date(ctx.now.getTime() - days * day)
    const found = await movesSince(ctx.db, queries.idsOfProfile(ctx.db, profileId), since)
    const index = new Map(found.moves.map(({ from, to }, n) => [`${from}\n${to}`, n]))
    return {
      since: since.toISOString(),
      tasks: found.ways.reduce((sum, { subjects }) => sum + subjects, 0),
      moves: found.moves,
      ways: found.ways.map(({ moves, subjects }) => ({
        moves: moves.flatMap((move) => index.get(move) ?? []),
        tasks: subjects,
      })),
    }
  },
})
