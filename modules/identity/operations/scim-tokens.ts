/** Tokens with which a directory keeps the people of the organization in step. */
import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '../../../platform/database.ts'
import { Id } from '../../../platform/fields.ts'
import { v7 } from '../../../platform/ids.ts'
import { command, query } from '../../../platform/operation.ts'
import { NotFound } from '../../../platform/problem.ts'
import { arrivalRoles, ScimToken } from '../contract.ts'
import * as queries from '../queries-scim.ts'
import { vouchedBy } from '../queries-sign-in.ts'
import { say } from '../rules.ts'

export const listScimTokens = query({
  name: 'identity.list-scim-tokens',
  summary: 'SCIM tokens of the organization',
  route: 'GET /sign-in/scim-tokens',
  permission: 'sign-in.manage',
  input: z.strictObject({}),
  output: z.object({ items: z.array(ScimToken) }),
  run: async ({ db }) => ({ items: await queries.listTokens(db) }),
})

export const createScimToken = command({
  name: 'identity.create-scim-token',
  summary: 'Make a SCIM token; it is shown once',
  route: 'POST /sign-in/scim-tokens',
  secret: true,
  permission: 'sign-in.manage',
  personOnly: true,
  input: z.strictObject({ defaultRole: z.enum(arrivalRoles).default('Viewer').describe('The role of people it adds') }),
  output: z.object({ token: z.string().describe('The whole token: keep it now, it is not shown again'), scimToken: ScimToken }),
  async run({ db, actor, sessionId, record }, { defaultRole }) {
    const token = `scim_${randomBytes(24).toString('hex')}`
    const made = { made_by: actor.id, vouched_by: sessionId ? await vouchedBy(db, sessionId) : null }
    const row = {
      ...{ id: v7(), prefix: token.slice(0, 11), hash: hashOf(token), default_role: defaultRole },
      ...{ created_by: actor.email, ...made },
    }
    const scimToken = await queries.insertToken(db, row)
    record('scim-token.created', { type: 'scim-token', id: row.id }, { prefix: row.prefix, role: defaultRole })
    return { token, scimToken }
  },
})

export const revokeScimToken = command({
  name: 'identity.revoke-scim-token',
  summary: 'Revoke a SCIM token; it stops working at once',
  route: 'DELETE /sign-in/scim-tokens/:scimTokenId',
  permission: 'sign-in.manage',
  destructive: true,
  input: z.strictObject({ scimTokenId: Id }),
  output: z.object({ id: z.string() }),
  async run({ db, now, record }, { scimTokenId }) {
    const revoked = await queries.revokeToken(db, scimTokenId, now)
    if (!revoked) throw NotFound(say.noScimToken)
    record('scim-token.revoked', { type: 'scim-token', id: scimTokenId }, revoked)
    return { id: scimTokenId }
  },
})

const hashOf = (token: string) => createHash('sha256').update(token).digest()

/** Whose token this is; undefined when nobody's. Asked anew at each request, so that revoking takes effect with the next. */
export const holderOfScimToken = (database: Pick<Database, 'inTransaction'>, token: string) =>
  database.inTransaction({ organizationId: null, userId: null }, 'read only', (db) => queries.identifyToken(db, hashOf(token)))
