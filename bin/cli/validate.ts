/** `tater profile validate`: the findings of the editor, on the terminal. */
import { validateProfileText } from '../../modules/profiles/contract.ts'
import { exits, readArguments, usage } from './command.ts'
import { placed, readText } from './profile-file.ts'

export function validate(args: string[]): number {
  const { positionals } = readArguments('tater profile validate', args, {}, 1)
  const [file] = positionals
  if (!file) throw usage('Which profile? Give its file: tater profile validate p.json', 'tater profile validate')
  const result = validateProfileText(readText(file, 'profile'))
  for (const warning of result.warnings) console.log(placed(file, 'warning', warning))
  if (result.ok) {
    const { name, statusFlow } = result.document
    console.log(`${file}: ${name} is valid (${statusFlow.length} statuses, ${result.warnings.length} warnings).`)
    return exits.done
  }
  for (const error of result.errors) console.error(placed(file, 'error', error))
  return exits.no
}
