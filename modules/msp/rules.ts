/** What the business says about providers and their clients. Pure. */

import type { Provider } from '../../platform/context.ts'
import { type Message, messages, params } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'

export const say = messages('msp/refusals', {
  atHome: 'You are at home in this organization; elevation is for people of a provider in a client.',
  personOnly: 'Only a signed-in person can break glass, not a key and not an agent.',
  elevated: params('You are elevated already, until {until}. End that first.'),
  highest: 'You work at T3 here already; there is nothing higher.',
  noProviderHere: 'No such provider has access here.',
  noClient: 'Your organization has no such client.',
  noElevation: 'You have no elevation here that still runs.',
  elevationOver: 'There is no such elevation, or it is over.',
  ownProvider: 'An organization cannot be its own provider.',
  workingIn: params('You are working in {organization}. Switch to another organization, then archive it.'),
  noOrganization: 'There is no such organization.',
  noCandidate: 'There is no such organization for you to take on. Ask a SuperAdmin to create it, or to name you as its provider.',
  notAProvider: params(
    '{organization} is no managed service provider. A SuperAdmin can make it one under MSP → Organizations; or switch to a provider.',
  ),
  noMsp: params('{organization} is no managed service provider.'),
  nextOf: 'after: give `next` of the page before, with the same order.',
  webhookHttps: 'Give the https address that Azure Automation showed when the webhook was made.',
  webhookUser: 'The address must not hold a user name or password.',
  webhookInside: 'The address must be on the public internet.',
})

export const NotAProvider = problem('NOT_A_PROVIDER', 409, 'This organization is no managed service provider')
export const NoSuchClient = problem('NO_SUCH_CLIENT', 404, 'There is no such client')
export const NoSuchOrganization = problem('NO_SUCH_ORGANIZATION', 404, 'There is no such organization')
export const ElevationRefused = problem('ELEVATION_REFUSED', 409, 'There is nothing to elevate')
export const ArchiveRefused = problem('ARCHIVE_REFUSED', 409, 'The organization cannot be archived')

/** Why this person cannot break glass now, or null. */
export function obstacleToElevating(provider: Provider | null, kind: string) {
  if (!provider) return ElevationRefused(say.atHome)
  if (kind !== 'user') return ElevationRefused(say.personOnly)
  if (provider.elevation) return ElevationRefused(say.elevated({ until: provider.elevation.until }))
  return provider.tier === 'T3' ? ElevationRefused(say.highest) : null
}

export const WebhookRefused = problem('WEBHOOK_REFUSED', 422, 'The webhook address cannot be used')

/**
 * Why this address cannot be a webhook, or null. Whether its name resolves to the inside is judged when it is called.
 * @param isInside whether an IP address is none of the public internet
 */
export function obstacleToWebhook(address: string, isInside: (ip: string) => boolean): Message | null {
  const url = URL.parse(address)
  if (url?.protocol !== 'https:') return say.webhookHttps
  if (url.username || url.password) return say.webhookUser
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isAddress = /^[\d.]+$/.test(host) || host.includes(':')
  if (isAddress ? isInside(host) : !host.includes('.') || /(^|\.)(localhost|local|internal|lan|home|corp)$/.test(host))
    return say.webhookInside
  return null
}
