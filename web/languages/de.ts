import profiles from '../../modules/profiles/de.json' with { type: 'json' }
import platform from '../../platform/de.json' with { type: 'json' }
import { type Translation, translateMessages } from '../../platform/messages.ts'

// The rules that judge in the browser as they do on the server.
translateMessages('de', { platform, profiles })

const files = import.meta.glob<Translation>(['../../modules/*/ui/de.json', '../../platform/react/de.json', '../de.json'], {
  eager: true,
  import: 'default',
})

/** The German of every catalogue of the screen, by its name: `modules/tasks/ui/de.json` is `tasks`. */
export const all: Record<string, Translation> = Object.fromEntries(
  Object.entries(files).map(([path, translation]) => [/(\w+)\/(?:ui\/|react\/)?de\.json$/.exec(path)?.[1] ?? 'web', translation]),
)
