/** Names that fit where the cursor stands in a profile document. */
import { syntaxTree } from '@codemirror/language'
import { customFieldTypes, stateCategories, stateRoles, taskFields } from '../contract.ts'

const keys: Record<string, readonly string[]> = {
  '': ['name', 'description', 'standardSource', 'fieldRules', 'statusFlow', 'slaDefaults', 'customFields'],
  'fieldRules/*': ['visible', 'required', 'default', 'choices'],
  'statusFlow/[]': [
    ...['status', 'allowedTransitions', 'isInitial', 'isTerminal', 'setSlaResponded', 'setSlaResolved', 'setClosedAt'],
    ...['category', 'role', 'pausesSla', 'requiredFields'],
  ],
  'slaDefaults/[]': ['priority', 'responseMinutes', 'resolutionMinutes'],
  'customFields/[]': ['key', 'label', 'type', 'choices', 'help'],
  fieldRules: taskFields.map(({ key }) => key),
}

const values: Record<string, readonly string[]> = {
  'statusFlow/[]/category': stateCategories,
  'statusFlow/[]/role': stateRoles,
  'statusFlow/[]/requiredFields/[]': keys.fieldRules!,
  'customFields/[]/type': customFieldTypes,
}

type Source = {
  pos: number
  explicit: boolean
  state: Parameters<typeof syntaxTree>[0]
  matchBefore(shape: RegExp): { from: number; text: string } | null
}

/** For CodeMirror: keys in objects, fields in rules, states in transitions. */
export function completeProfile(context: Source) {
  const word = context.matchBefore(/"[\w -]*/)
  if (!word) return null
  const { path, isKey } = placeOf(context, word.from + 1)
  const generic = path.replace(/^fieldRules\/[^/]+/, 'fieldRules/*')
  const states = () => [...context.state.doc.toString().matchAll(/"status"\s*:\s*"([^"]+)"/g)].map((match) => match[1]!)
  const names = isKey ? keys[generic] : path === 'statusFlow/[]/allowedTransitions/[]' ? states() : values[generic]
  if (!names?.length) return null
  return { from: word.from + 1, options: [...new Set(names)].map((label) => ({ label })), validFor: /^[\w -]*$/ }
}

/** The path of object keys around a place (`[]` for a list), and whether a key is being written there. */
function placeOf({ state }: Source, at: number) {
  const node = syntaxTree(state).resolveInner(at, 0)
  const path: string[] = []
  const isKey = node.name === 'PropertyName' || node.name === 'Object'
  let up = isKey && node.name === 'PropertyName' ? node.parent?.parent : node
  for (; up; up = up.parent) {
    if (up.name === 'Array') path.unshift('[]')
    const name = up.name === 'Property' ? up.getChild('PropertyName') : null
    if (name) path.unshift(state.doc.sliceString(name.from + 1, name.to - 1))
  }
  return { path: path.join('/'), isKey }
}
