import { existsSync, globSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { translationsIn } from '../doors/languages.ts'
import { allOperations } from '../modules/index.ts'
import { englishMessages, type Language, languages, type Messages } from '../platform/messages.ts'
import { titles } from '../platform/problem.ts'
import { baseMessages } from '../platform/react/i18n.ts'

const sources = globSync('{modules,platform,doors,web}/**/*.{ts,tsx}').filter(
  (file) => !file.endsWith('.test.ts') && /\b(?:catalogue|messages|problem)\('/.test(readFileSync(file, 'utf8')),
)
await Promise.all(
  sources.filter((file) => !file.endsWith('i18n.ts')).map((file) => import(/* @vite-ignore */ pathToFileURL(file).href)),
)
const base = baseMessages()

/** Where the translations of a catalogue lie. */
const fileOf = (owner: string, language: string) =>
  owner === 'web'
    ? `web/${language}.json`
    : owner === 'platform'
      ? `platform/react/${language}.json`
      : `modules/${owner}/ui/${language}.json`

/** Every message of a file by its path, `list.title`; forms of a plural are one message. */
function flat(tree: Record<string, unknown>, path = ''): Messages {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, each]): [string, Messages[string]][] =>
      typeof each === 'string' || 'other' in (each as object)
        ? [[path + key, each as Messages[string]]]
        : Object.entries(flat(each as Record<string, unknown>, `${path}${key}.`)),
    ),
  )
}

/** One file of translations, and the English it should have. */
type Expected = { file: string; wanted: Messages; found: Messages }

const ownerOf = (name: string) => name.split('/')[0]!

/** The messages of the catalogues of one owner, by their path in its file. */
const wantedOf = (catalogues: readonly (readonly [string, Messages])[]): Messages =>
  Object.fromEntries(
    catalogues.flatMap(([name, messages]) => {
      const branch = name.split('/').slice(1)
      return Object.entries(messages).map(([key, message]) => [[...branch, key].join('.'), message] as const)
    }),
  )

/** What the screen says. */
function screens(language: string): Expected[] {
  return [...Map.groupBy(Object.entries(base), ([name]) => ownerOf(name))].map(([owner, catalogues]) => {
    const file = fileOf(owner, language)
    const found = existsSync(file) ? flat(JSON.parse(readFileSync(file, 'utf8'))) : {}
    return { file, wanted: wantedOf(catalogues), found }
  })
}

/** What the server says; the titles of problems are wanted as a whole, wherever they are declared. */
function sentences(language: Language): Expected[] {
  const files = translationsIn(language)
  const said = Map.groupBy(Object.entries(englishMessages()), ([name]) => ownerOf(name))
  const owners = [...new Set([...said.keys(), ...Object.keys(files)])]
  const titled = Object.assign({}, ...Object.values(files).map((each) => each.titles))
  const summed = Object.assign({}, ...Object.values(files).map((each) => each.summaries))
  return [
    ...owners.map((owner) => {
      const { titles: _, summaries: __, ...found } = files[owner] ?? {}
      return { file: `sentences of ${owner}`, wanted: wantedOf(said.get(owner) ?? []), found: flat(found) }
    }),
    { file: 'titles of problems', wanted: Object.fromEntries(titles), found: titled },
    {
      file: 'summaries of operations',
      wanted: Object.fromEntries(allOperations.map(({ name, summary }) => [name, summary])),
      found: summed,
    },
  ]
}

const names = (message: string) => [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()
const formsOf = (message: Messages[string]) => (typeof message === 'string' ? { other: message } : message)

const others = (Object.keys(languages) as Language[]).filter((language) => language !== 'en')

describe.each(others)('%s', (language) => {
  describe.each([...screens(language), ...sentences(language)])('$file', ({ wanted, found }) => {
    test('has every message and no other', () => {
      expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort())
    })

    test('uses the values of each message, in every form of a plural that the language has', () => {
      const plural = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted()
      for (const [key, english] of Object.entries(wanted)) {
        const theirs = found[key]!
        expect(typeof theirs, key).toBe(typeof english)
        if (typeof theirs === 'object') expect(Object.keys(theirs).sort(), key).toEqual(plural)
        const used = new Set(names(formsOf(english).other))
        for (const [form, message] of Object.entries(formsOf(theirs))) {
          expect(message, key).not.toBe('')
          const optional = form === 'one' || form === 'zero' || form === 'two' ? ['count'] : []
          const missing = [...used].filter((name) => !names(message).includes(name) && !optional.includes(name))
          expect(missing, `${key} leaves out a value`).toEqual([])
          expect(
            names(message).filter((name) => !used.has(name) && name !== 'count'),
            `${key} uses a value it is not given`,
          ).toEqual([])
        }
      }
    })
  })
})
