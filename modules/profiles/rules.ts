/** What the business says about keeping profiles (the evaluator judges tasks; this judges changes to profiles). Pure. */
import { messages, params } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'

export const say = messages('profiles/operations', {
  noProfile: params(
    'There is no profile "{profile}" in this organization. list_profiles (GET /api/tasker/profiles) shows those there are.',
  ),
  stale: params('Version {version} was saved by {person} while you worked on version {yours}. Compare the two and save again.'),
  system: params(
    '"{profile}" came with the product and cannot be deleted. To retire it, rename it to "(unused) {profile}" and leave the Profile field of tasks blank.',
  ),
  id: 'Letters, digits, dots, dashes and underscores.',
  events: 'At most 100,000 events a request; use `tater profile replay` for longer logs.',
})

export const ProfileInvalid = problem('PROFILE_INVALID', 422, 'The profile cannot be saved')
export const SystemProfile = problem('SYSTEM_PROFILE', 409, 'A seeded profile cannot be deleted')
export const NoSuchProfile = problem('NO_SUCH_PROFILE', 404, 'There is no such profile')

type Kept = { id: string; name: string; seedKey: string | null; deletedAt: string | null }
export type Seed = { key: string; name: string }

/**
 * Which seeds to make, under which ids (decisions §4): a seed is skipped while a profile made from it still carries the
 * seed's name; a renamed copy is left alone and a fresh one made beside it, `…-2` and so on.
 */
export function planSeeding(seeds: readonly Seed[], kept: readonly Kept[], organizationId: string) {
  const taken = new Set(kept.map((profile) => profile.id))
  const isThere = (seed: Seed) =>
    kept.some((profile) => profile.seedKey === seed.key && profile.name === seed.name && !profile.deletedAt)
  const create: { key: string; id: string }[] = []
  const skip: string[] = []
  for (const seed of seeds) {
    if (isThere(seed)) skip.push(seed.key)
    else create.push({ key: seed.key, id: freeId(`profile-${seed.key}-${organizationId}`, taken) })
  }
  return { create, skip }
}

function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted
  for (let n = 2; ; n++) if (!taken.has(`${wanted}-${n}`)) return `${wanted}-${n}`
}

/** `Procurement Request` becomes `profile-procurement-request`; the ending keeps two of a name apart. */
export const profileIdFor = (name: string, ending: string) =>
  `profile-${
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'custom'
  }-${ending}`
