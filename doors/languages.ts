/** The translations of what the server says: every `de.json` beside the code that says it, read once as the product starts. */
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Language, languages, type Translation, translateMessages } from '../platform/messages.ts'

const root = join(import.meta.dirname, '..')

/** The translations in one language by who says them: a module, `platform` or `doors`. */
export const translationsIn = (language: Language): Record<string, Translation> =>
  Object.fromEntries(
    globSync(`{modules/*,platform,doors}/${language}.json`, { cwd: root }).map((file) => [
      basename(dirname(file)),
      JSON.parse(readFileSync(join(root, file), 'utf8')) as Translation,
    ]),
  )

export function speakEveryLanguage() {
  for (const language of Object.keys(languages) as Language[])
    if (language !== 'en') translateMessages(language, translationsIn(language))
}
