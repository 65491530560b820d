/** Where a finding belongs: the view that shows its place, and the place in it. */
import type { PlacedFinding, TaskerProfile } from '../contract.ts'
import { canonicalField, statusKey } from '../contract.ts'
import type { Findings } from './use-draft.ts'

export type Selection = { kind: 'state'; index: number } | { kind: 'move'; from: number; to: number } | null
export type Home =
  | { view: 'flow'; selection: Selection }
  | { view: 'fields'; field: string }
  | { view: 'targets'; row: number | null }
  | { view: 'json' }

/** The name of a row in the page, for whoever leads there. */
export const rowId = (home: Exclude<Home, { view: 'flow' | 'json' }>) =>
  home.view === 'fields' ? `field-rule-${home.field}` : `target-row-${home.row ?? 0}`

const parts = (path: string) =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))

export function homeOf({ path, code }: PlacedFinding, document: TaskerProfile | null): Home {
  const [area, at, what, nth] = parts(path)
  if (!document || code === 'unknown-key') return { view: 'json' }
  if (area === 'statusFlow')
    return { view: 'flow', selection: at === undefined ? null : placeInFlow(document, Number(at), what, nth) }
  if (area === 'fieldRules' && at !== undefined) return { view: 'fields', field: fieldAddress(document, at) }
  if (area === 'customFields' && at !== undefined) {
    const key = document.customFields?.[Number(at)]?.key
    return key ? { view: 'fields', field: `customFields.${key}` } : { view: 'json' }
  }
  if (area === 'slaDefaults') return { view: 'targets', row: at === undefined ? null : Number(at) }
  return area === 'name' ? { view: 'flow', selection: null } : { view: 'json' }
}

const fieldAddress = (document: TaskerProfile, name: string) =>
  document.customFields?.some(({ key }) => key === name) ? `customFields.${name}` : canonicalField(name)

function placeInFlow({ statusFlow }: TaskerProfile, index: number, what?: string, nth?: string): Selection {
  const name = what === 'allowedTransitions' ? statusFlow[index]?.allowedTransitions[Number(nth)] : undefined
  const to = name === undefined ? -1 : statusFlow.findIndex(({ status }) => statusKey(status) === statusKey(name))
  return to >= 0 && to !== index ? { kind: 'move', from: index, to } : { kind: 'state', index }
}

export type Mark = { kind: 'error' | 'warning'; message: string }

/** The key of a place in the flow: `3` a state, `3 5` an arrow. */
export const placeKey = (selection: NonNullable<Selection>) =>
  selection.kind === 'state' ? `${selection.index}` : `${selection.from} ${selection.to}`

/** What the validator says about each state and arrow. */
export function flowMarks({ errors, warnings }: Findings, document: TaskerProfile): Map<string, Mark[]> {
  const marks = new Map<string, Mark[]>()
  const collect = (kind: Mark['kind']) => (finding: PlacedFinding) => {
    const home = homeOf(finding, document)
    if (home.view !== 'flow' || !home.selection) return
    const key = placeKey(home.selection)
    marks.set(key, [...(marks.get(key) ?? []), { kind, message: finding.message }])
  }
  errors.forEach(collect('error'))
  warnings.forEach(collect('warning'))
  return marks
}
