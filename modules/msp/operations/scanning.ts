/** The Azure Automation webhook that starts an organization's own scans: set by itself or T3, or by a SuperAdmin for any. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { Id, text } from '../../../platform/fields.ts'
import { command, query } from '../../../platform/operation.ts'
import { isInside } from '../../../platform/outbound.ts'
import { Scanning } from '../contract.ts'
import * as queries from '../queries.ts'
import { obstacleToWebhook, WebhookRefused } from '../rules.ts'
import { inside } from './organizations.ts'

const wanted = {
  webhookUrl: text(2000).nullable().optional().describe('https address with its token; null removes it, absent keeps it'),
  enabled: z.boolean().default(true),
}

export const getScanning = query({
  name: 'msp.scanning',
  summary: 'Whether a scan webhook is set; the address itself is never shown',
  route: 'GET /scanning',
  permission: 'credentials.manage',
  input: z.strictObject({}),
  output: Scanning,
  run: (ctx) => read(ctx),
})

export const saveScanning = command({
  name: 'msp.save-scanning',
  summary: "Set the webhook that starts the organization's scans",
  route: 'PUT /scanning',
  permission: 'credentials.manage',
  input: z.strictObject(wanted),
  output: Scanning,
  run: (ctx, input) => save(ctx, input),
})

export const getOrganizationScanning = query({
  name: 'msp.organization-scanning',
  summary: 'Whether any organization has a scan webhook',
  route: 'GET /msp/organizations/:organizationId/scanning',
  permission: 'organizations.manage',
  input: z.strictObject({ organizationId: Id }),
  output: Scanning,
  run: async (ctx, { organizationId }) => read(await inside(ctx, organizationId)),
})

export const saveOrganizationScanning = command({
  name: 'msp.save-organization-scanning',
  summary: 'Set the scan webhook of any organization',
  route: 'PUT /msp/organizations/:organizationId/scanning',
  permission: 'organizations.manage',
  input: z.strictObject({ organizationId: Id, ...wanted }),
  output: Scanning,
  run: async (ctx, { organizationId, ...input }) => save(await inside(ctx, organizationId), input),
})

const read = async ({ db }: Context): Promise<z.output<typeof Scanning>> =>
  (await queries.findScanning(db)) ?? { webhookHost: null, enabled: false, updatedAt: null, updatedBy: null }

type Input = { webhookUrl?: string | null | undefined; enabled: boolean }

async function save(ctx: Context, { webhookUrl, enabled }: Input) {
  const { db, actor, now, secrets, organizationId, record } = ctx
  const stamp = { enabled, updated_at: now, updated_by: actor.email }
  if (webhookUrl === null) await queries.deleteScanning(db)
  else if (webhookUrl === undefined) await queries.updateScanning(db, stamp)
  else {
    const obstacle = obstacleToWebhook(webhookUrl, isInside)
    if (obstacle) throw WebhookRefused(obstacle)
    const row = {
      ...stamp,
      webhook: secrets.seal(`scanning:${organizationId}`, webhookUrl),
      webhook_host: new URL(webhookUrl).host,
    }
    await queries.saveScanning(db, row)
  }
  const scanning = await read(ctx)
  record('scanning.saved', { type: 'organization', id: organizationId }, { host: scanning.webhookHost, enabled })
  return scanning
}
