/** What every start of the program sees to: no credential works whose maker has lost the standing for it, however that came about. */
import { z } from 'zod'
import { command } from '../../../platform/operation.ts'
import { Ended } from '../contract.ts'
import { tellEnded } from '../ended.ts'
import { forgetIdentities } from '../identify.ts'
import * as queries from '../queries-ended.ts'

export const endUnfounded = command({
  name: 'identity.end-unfounded',
  summary: 'End every credential whose maker has no standing for it any more',
  route: 'POST /credentials/check',
  permission: 'users.manage',
  withoutOrganization: true,
  quiet: true,
  input: z.strictObject({}),
  output: Ended,
  async run(ctx) {
    await queries.endUnfounded(ctx.db)
    ctx.afterCommit(forgetIdentities)
    return tellEnded(ctx, 'found')
  },
})
