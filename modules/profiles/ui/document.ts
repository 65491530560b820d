import { profileStateSchema, type TaskerProfile, taskerProfileSchema, taskFields } from '../contract.ts'

/** The document in what the server answers about a profile, its keys in the order people write them. */
export function documentOf(profile: object): TaskerProfile {
  const said = profile as TaskerProfile
  const document = inOrder(said, Object.keys(taskerProfileSchema.shape)) as unknown as TaskerProfile
  delete document.version
  if (said.fieldRules)
    document.fieldRules = inOrder(said.fieldRules, [
      ...taskFields.map(({ key }) => key),
      ...Object.keys(said.fieldRules),
    ]) as typeof said.fieldRules
  if (document.statusFlow)
    document.statusFlow = document.statusFlow.map(
      (state) => inOrder(state, Object.keys(profileStateSchema.shape)) as unknown as typeof state,
    )
  return document
}

const inOrder = (value: object, keys: readonly string[]) =>
  Object.fromEntries(
    [...new Set(keys)]
      .filter((key) => key in value && value[key as never] !== undefined)
      .map((key) => [key, value[key as never]]),
  )

const width = 110

/** JSON as a person would write it: what fits stands on one line, so that a rule or a state is a line. */
export function print(value: unknown, indent = ''): string {
  const line = inline(value)
  const isSmall = indent.length + line.length <= width && !(indent === '' && typeof value === 'object')
  if (value === null || typeof value !== 'object' || (isSmall && !holdsObjects(value))) return line
  const deeper = `${indent}  `
  const lines = Array.isArray(value)
    ? value.map((each) => deeper + print(each, deeper))
    : Object.entries(value).map(([key, each]) => `${deeper}${JSON.stringify(key)}: ${print(each, deeper)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

const holdsObjects = (value: object) =>
  Object.values(value).some((each) => each !== null && typeof each === 'object' && !Array.isArray(each))

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const parts = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${inline(each)}`)
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}
