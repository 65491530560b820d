/** Breaking glass: a person of a provider at T3 in one client, for a reason, until an instant (docs/msp.md). */
import { z } from 'zod'
import { Id, named } from '../../../platform/fields.ts'
import { v7 } from '../../../platform/ids.ts'
import { command } from '../../../platform/operation.ts'
import { NotFound } from '../../../platform/problem.ts'
import { forgetIdentities } from '../../identity/operations.ts'
import { Elevation, elevationMinutes } from '../contract.ts'
import * as queries from '../queries.ts'
import { ElevationRefused, obstacleToElevating, say } from '../rules.ts'

export const elevate = command({
  name: 'msp.elevate',
  summary: 'Break glass: work at T3 in this client for a limited time, seen by the client',
  route: 'POST /access/elevation',
  permission: 'access.elevate',
  input: z.strictObject({
    reason: named(500).describe('Why; the client reads it'),
    minutes: z.number().int().min(elevationMinutes.least).max(elevationMinutes.most).describe('5 to 240'),
  }),
  output: Elevation,
  async run({ db, actor, now, record, afterCommit }, { reason, minutes }) {
    const { provider, id: userId, kind, name, email } = actor
    const obstacle = obstacleToElevating(provider, kind)
    if (obstacle || !provider || !userId) throw obstacle ?? ElevationRefused()
    const until = new Date(now.getTime() + minutes * 60_000)
    const row = await queries.insertElevation(db, {
      id: v7(),
      provider_id: provider.organizationId,
      provider_name: provider.name,
      user_id: userId,
      name: name || email,
      from_tier: provider.tier,
      reason,
      started_at: now,
      expires_at: until,
    })
    record('access.elevated', { type: 'access', id: row.id }, { reason, minutes, until: until.toISOString() })
    afterCommit(forgetIdentities)
    return presentElevation(row)
  },
})

export const stepDown = command({
  name: 'msp.step-down',
  summary: 'End my elevation in this client before its time',
  route: 'DELETE /access/elevation',
  permission: 'access.elevate',
  input: z.strictObject({}),
  output: z.object({ ended: z.number().int() }),
  async run({ db, actor, now, record, afterCommit }) {
    const ended = await queries.endElevations(db, now, actor.email, { userId: actor.id })
    if (ended.length === 0) throw NotFound(say.noElevation)
    for (const { id, name } of ended) record('access.elevation-ended', { type: 'access', id }, { name, early: true })
    afterCommit(forgetIdentities)
    return { ended: ended.length }
  },
})

export const endElevation = command({
  name: 'msp.end-elevation',
  summary: "End the elevation of a provider's person in our organization",
  route: 'DELETE /access/elevations/:elevationId',
  permission: 'access.manage',
  input: z.strictObject({ elevationId: Id }),
  output: z.object({ id: z.string() }),
  async run({ db, actor, now, record, afterCommit }, { elevationId }) {
    const [ended] = await queries.endElevations(db, now, actor.email, { id: elevationId })
    if (!ended) throw NotFound(say.elevationOver)
    record('access.elevation-ended', { type: 'access', id: elevationId }, { name: ended.name, early: true })
    afterCommit(forgetIdentities)
    return { id: elevationId }
  },
})

type Row = Awaited<ReturnType<typeof queries.listRunningElevations>>[number]

export const presentElevation = ({ providerId, providerName, userId: _, ...row }: Row): z.output<typeof Elevation> => ({
  ...row,
  provider: { id: providerId, name: providerName },
})
