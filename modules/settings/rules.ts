/** What the business says about an organization's own lists. Pure. */
import { problem } from '../../platform/problem.ts'
import { type Category, maxLevels, type Priority, priorityKey } from './contract.ts'

export const CategoryRefused = problem('CATEGORY_REFUSED', 409, 'The category cannot be saved like this')
export const PrioritiesRefused = problem('PRIORITIES_REFUSED', 422, 'The priorities cannot be saved like this')
export const BrandingRefused = problem('BRANDING_REFUSED', 422, 'The logo cannot be used')
export const NoSuchSetting = problem('NO_SUCH_SETTING', 404, 'There is no such setting')

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
  if (twin)
    return CategoryRefused(
      `There is a category "${twin.name}" already. Names are unique in the organization, for tasks carry them.`,
    )
  if (wanted.parentId === null) return null
  if (!categories.some((category) => category.id === wanted.parentId))
    return CategoryRefused('The parent category is not there any more. Choose another.')
  for (let at: string | null = wanted.parentId; at; at = categories.find((category) => category.id === at)?.parentId ?? null) {
    if (at === id) return CategoryRefused('A category cannot stand below itself.')
  }
  const levels = pathOf(categories, wanted.parentId).length + (id ? height(categories, id) : 1)
  return levels > maxLevels ? CategoryRefused(`Categories have at most ${maxLevels} levels; this would make ${levels}.`) : null
}

/** Why this list of priorities cannot be, or null. The four standard names stay; order is rank. */
export function obstacleToPriorities(list: readonly Pick<Priority, 'name' | 'label'>[]) {
  const keys = list.map((priority) => priorityKey(priority.name))
  const missing = ['critical', 'high', 'normal', 'low'].find((key) => !keys.includes(key))
  if (missing)
    return PrioritiesRefused(
      `The priority ${missing[0]!.toUpperCase()}${missing.slice(1)} has to stay, for processes refer to it; you may give it another label.`,
    )
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice) return PrioritiesRefused(`The priority "${twice}" stands in the list twice (Medium and Normal are the same).`)
  const labels = list.map((priority) => priority.label.toLowerCase())
  const same = labels.find((label, index) => labels.indexOf(label) !== index)
  return same ? PrioritiesRefused(`Two priorities are labelled "${same}".`) : null
}

/** Why a picture cannot be the logo, or null. */
export function obstacleToLogo(logo: string) {
  if (logo === '') return null
  if (!/^data:image\/(png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/.test(logo))
    return BrandingRefused('The logo must be a PNG, JPEG, WebP or SVG picture.')
  return logo.length > 140_000 ? BrandingRefused('The logo is larger than 100 KB. Use a smaller picture.') : null
}
