import { existsSync, globSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { baseMessages, languages, type Messages } from '../platform/react/i18n.ts'

const sources = globSync('{modules,platform,web}/**/*.{ts,tsx}').filter((file) =>
  /\bcatalogue\('/.test(readFileSync(file, 'utf8')),
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

const owners = Map.groupBy(Object.entries(base), ([name]) => name.split('/')[0]!)
const names = (message: string) => [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()
const formsOf = (message: Messages[string]) => (typeof message === 'string' ? { other: message } : message)

describe.each(Object.keys(languages).filter((language) => language !== 'en'))('%s', (language) => {
  describe.each([...owners])('of %s', (owner, catalogues) => {
    const wanted = Object.fromEntries(
      catalogues.flatMap(([name, messages]) => {
        const branch = name.split('/').slice(1)
        return Object.entries(messages).map(([key, message]) => [[...branch, key].join('.'), message] as const)
      }),
    )
    const file = fileOf(owner, language)
    const found = existsSync(file) ? flat(JSON.parse(readFileSync(file, 'utf8'))) : {}

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
