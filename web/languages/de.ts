import type { Translation } from '../../platform/react/i18n.ts'

const files = import.meta.glob<Translation>(['../../{modules,platform}/**/de.json', '../de.json'], {
  eager: true,
  import: 'default',
})

/** The German of every catalogue, by its name: `modules/tasks/ui/de.json` is `tasks`. */
export const all: Record<string, Translation> = Object.fromEntries(
  Object.entries(files).map(([path, translation]) => [/(\w+)\/(?:ui\/|react\/)?de\.json$/.exec(path)?.[1] ?? 'web', translation]),
)
