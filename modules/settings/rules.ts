/** What the business says about an organization's own lists. Pure. */
import { messages, params } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'
import { type Category, maxLevels, type Priority, priorityKey } from './contract.ts'

export const CategoryRefused = problem('CATEGORY_REFUSED', 409, 'The category cannot be saved like this')
export const PrioritiesRefused = problem('PRIORITIES_REFUSED', 422, 'The priorities cannot be saved like this')
export const BrandingRefused = problem('BRANDING_REFUSED', 422, 'The logo cannot be used')
export const NoSuchSetting = problem('NO_SUCH_SETTING', 404, 'There is no such setting')

export const say = messages('settings/refusals', {
  twinCategory: params('There is a category "{name}" already. Names are unique in the organization, for tasks carry them.'),
  parentGone: 'The parent category is not there any more. Choose another.',
  belowItself: 'A category cannot stand below itself.',
  levels: params('Categories have at most {limit} levels; this would make {levels}.'),
  priorityStays: params('The priority {priority} has to stay, for processes refer to it; you may give it another label.'),
  priorityTwice: params('The priority "{priority}" stands in the list twice (Medium and Normal are the same).'),
  labelTwice: params('Two priorities are labelled "{label}".'),
  logoKind: 'The logo must be a PNG, JPEG, WebP or SVG picture.',
  logoSize: 'The logo is larger than 100 KB. Use a smaller picture.',
  stale: 'Somebody changed this category in the meantime. Look at it again.',
  noCategory: 'The organization has no such category.',
  noTeam: 'The organization has no such team.',
})

type Node = Pick<Category, 'id' | 'parentId' | 'name'>

/** The names from the top level down to a category; a circle, which no save allows, ends where it began. */
export function pathOf(categories: readonly Node[], id: string): string[] {
  const byId = new Map(categories.map((category) => [category.id, category]))
  const path: string[] = []
  const seen = new Set<string>()
  for (let at = byId.get(id); at && !seen.has(at.id); at = at.parentId ? byId.get(at.parentId) : undefined) {
    seen.add(at.id)
    path.unshift(at.name)
  }
  return path
}

/** How many levels hang below a category, itself included. */
function height(categories: readonly Node[], id: string): number {
  const children = categories.filter((category) => category.parentId === id)
  return 1 + Math.max(0, ...children.map((child) => height(categories, child.id)))
}

/** Why a category cannot stand there, or null. `id` is null for a new one. */
export function obstacleToPlacing(
  categories: readonly Node[],
  id: string | null,
  wanted: { parentId: string | null; name: string },
) {
  const twin = categories.find((category) => category.id !== id && category.name.toLowerCase() === wanted.name.toLowerCase())
  if (twin) return CategoryRefused(say.twinCategory({ name: twin.name }))
  if (wanted.parentId === null) return null
  if (!categories.some((category) => category.id === wanted.parentId)) return CategoryRefused(say.parentGone)
  for (let at: string | null = wanted.parentId; at; at = categories.find((category) => category.id === at)?.parentId ?? null) {
    if (at === id) return CategoryRefused(say.belowItself)
  }
  const levels = pathOf(categories, wanted.parentId).length + (id ? height(categories, id) : 1)
  return levels > maxLevels ? CategoryRefused(say.levels({ limit: maxLevels, levels })) : null
}

/** Why this list of priorities cannot be, or null. The four standard names stay; order is rank. */
export function obstacleToPriorities(list: readonly Pick<Priority, 'name' | 'label'>[]) {
  const keys = list.map((priority) => priorityKey(priority.name))
  const missing = ['critical', 'high', 'normal', 'low'].find((key) => !keys.includes(key))
  if (missing) return PrioritiesRefused(say.priorityStays({ priority: `${missing[0]!.toUpperCase()}${missing.slice(1)}` }))
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice) return PrioritiesRefused(say.priorityTwice({ priority: twice }))
  const labels = list.map((priority) => priority.label.toLowerCase())
  const same = labels.find((label, index) => labels.indexOf(label) !== index)
  return same ? PrioritiesRefused(say.labelTwice({ label: same })) : null
}

/** Why a picture cannot be the logo, or null. */
export function obstacleToLogo(logo: string) {
  if (logo === '') return null
  if (!/^data:image\/(png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/.test(logo)) return BrandingRefused(say.logoKind)
  return logo.length > 140_000 ? BrandingRefused(say.logoSize) : null
}
