/** A profile from a file, or one of the standard ones. */
import { readFileSync } from 'node:fs'
import { seeds, type TaskerProfile, validateProfileText } from '../../modules/profiles/contract.ts'
import { exits, Failure } from './command.ts'

type Finding = ReturnType<typeof validateProfileText>['warnings'][number]

/** `p.json:12:5: error: …`, as editors and people read it. */
export const placed = (file: string, kind: 'error' | 'warning', { place, message }: Finding) =>
  `${file}${place ? `:${place.line}:${place.column}` : ''}: ${kind}: ${message}`

export function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Failure(
      code === 'ENOENT' ? `There is no file ${file}. Give the ${what} as a path.` : `${file} cannot be read: ${message}`,
      exits.no,
    )
  }
}

/** The document, or a failure that lists what is wrong with it, each with its line. */
export function readProfile(file: string): TaskerProfile {
  if (file.startsWith('seed:')) {
    const seed = seeds.find(({ key }) => `seed:${key}` === file)
    if (!seed)
      throw new Failure(
        `There is no standard profile ${file}; there are ${seeds.map(({ key }) => `seed:${key}`).join(', ')}.`,
        exits.usage,
      )
    return seed.document
  }
  const result = validateProfileText(readText(file, 'profile'))
  if (!result.ok) throw new Failure(result.errors.map((finding) => placed(file, 'error', finding)).join('\n'))
  return result.document
}
