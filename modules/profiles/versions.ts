/** Profiles as the evaluator wants them: which version counts, compiled once. */
import type { Context } from '../../platform/context.ts'
import { memory } from '../../platform/memory.ts'
import { onIdentityChange } from '../identity/operations.ts'
import { type CompiledProfile, compileProfile, defaultLifecycle, type TaskerProfile } from './contract.ts'
import * as queries from './queries.ts'
import { NoSuchProfile, say } from './rules.ts'

/** A profile ready for the evaluator, and which version of which profile it is (null, null: the default lifecycle). */
export type BoundProfile = {
  profile: CompiledProfile
  document: TaskerProfile
  profileId: string | null
  profileVersion: number | null
}

const defaultProfile: BoundProfile = {
  profile: compileProfile(defaultLifecycle),
  document: defaultLifecycle,
  profileId: null,
  profileVersion: null,
}

/** Versions never change, so what was compiled once serves for good. */
const compiled = new Map<string, BoundProfile>()
const mostCompiled = 5000

/** Which version is the current one, until a profile changes anywhere (migration 0019 tells). */
const current = memory<number>(60_000)
onIdentityChange(() => current.clear())

/** The profile a new task gets: the current version, or the default lifecycle for null. */
export async function currentProfile(
  ctx: Pick<Context, 'db' | 'organizationId'>,
  profileId: string | null,
): Promise<BoundProfile> {
  if (profileId === null) return defaultProfile
  const key = `${ctx.organizationId} ${profileId}`
  const version = current.get(key) ?? (await queries.currentVersion(ctx.db, profileId))?.version
  if (version === undefined) throw noSuchProfile(profileId)
  current.set(key, version)
  return profileVersion(ctx, profileId, version)
}

/** The profile an existing task follows: the version it was made with or migrated to. */
export async function profileVersion(
  ctx: Pick<Context, 'db' | 'organizationId'>,
  profileId: string | null,
  version: number | null,
): Promise<BoundProfile> {
  if (profileId === null || version === null) return defaultProfile
  const key = `${ctx.organizationId} ${profileId} ${version}`
  const known = compiled.get(key)
  if (known) return known
  const row = await queries.findVersion(ctx.db, profileId, version)
  if (!row) throw noSuchProfile(profileId)
  const document = row.document as TaskerProfile
  const bound = { profile: compileProfile(document), document, profileId, profileVersion: version }
  if (compiled.size >= mostCompiled) compiled.clear()
  compiled.set(key, bound)
  return bound
}

/** The current version of a profile changed; told once that is on disk. */
export const forgetCurrent = (organizationId: string, profileId: string) => current.forget(`${organizationId} ${profileId}`)

export const noSuchProfile = (id: string) => NoSuchProfile(say.noProfile({ profile: id }))
