import { type TaskerProfile, taskerProfileSchema } from '../contract.ts'

/** The document in what the server answers about a profile, in the order people write it. */
export function documentOf(profile: object): TaskerProfile {
  const said = profile as Record<string, unknown>
  const keys = Object.keys(taskerProfileSchema.shape).filter((key) => key !== 'version' && said[key] !== undefined)
  return Object.fromEntries(keys.map((key) => [key, said[key]])) as TaskerProfile
}

/** As the editor shows it. Short lists and states stay on one line, so that a flow fits a screen. */
export function print(document: object): string {
  return JSON.stringify(document, null, 2).replace(
    /\[\s+([^[\]{}]{0,100}?)\s+\]/g,
    (_, inner: string) => `[${inner.replace(/\s*\n\s*/g, ' ')}]`,
  )
}
