/**
 * The language of the screen, and the texts in it. English stands in the code, where it is used; every other language is one
 * file that arrives before the first page (web/main.tsx). So a text may be read anywhere, and another language is a reload.
 */
import { createI18n, strings, transform } from '@nanostores/i18n'
import { atom } from 'nanostores'
import { type Forms, type Language, languages, type Message, type Names, type Translation } from '../messages.ts'
import { keep, kept } from './kept.ts'

export { languages } from '../messages.ts'

/** What follows is for trying out, chosen by localStorage only: `tater.language` = `en-XA` or `ar-XB` (docs/translating.md). */
const pseudo: Record<string, ((message: string) => string) | undefined> = { 'en-XA': accented, 'ar-XB': mirrored }

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur'])

const baseOf = (tag: string) => tag.split('-')[0]!
const wished = typeof document === 'undefined' ? [] : navigator.languages

/** The language of the texts: the person's choice, else the first of the browser's that there is, else English. */
export const language = chosen() ?? wished.map(baseOf).find((tag) => tag in languages) ?? 'en'

/** The language as Intl wants it, with the country where the browser names one: `en-GB`. */
export const locale = language in pseudo ? 'en' : (wished.find((tag) => baseOf(tag) === language) ?? language)

/** Which way the screen reads. */
export const direction = rightToLeft.has(baseOf(language)) ? 'rtl' : 'ltr'

/** What a step to the right is along the line: forward, or back where one reads from the right. */
export const rightward = direction === 'rtl' ? -1 : 1

function chosen() {
  const choice = kept('language')
  return choice && (choice in languages || choice in pseudo) ? choice : undefined
}

/** Keeps another language in this browser and begins anew in it. */
export function chooseLanguage(tag: string) {
  keep('language', tag)
  location.reload()
}

type Values<Text extends string> = { readonly [Name in Names<Text>]: string | number }
type Said<Text extends string> = (values: Values<Text>) => string
type Counted<Text extends string> = (
  count: number,
  ...values: Exclude<Names<Text>, 'count'> extends never ? [] : [Omit<Values<Text>, 'count'>]
) => string

const numbers = new Intl.NumberFormat(locale)

/** A number as people here write it. */
export const number = (value: number) => numbers.format(value)

/** A share of one, to a tenth of a percent: `12.5%`. */
export const percent = (share: number) =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share)

/** A value within a message: a number as people write it; a text kept whole when it reads the other way. */
const within = (value: string | number) =>
  typeof value === 'number' ? number(value) : direction === 'rtl' ? `\u2068${value}\u2069` : value

const fill = (message: string, values: Record<string, string | number>) =>
  message.replace(/\{(\w+)\}/g, (all, name) => (values[name] === undefined ? all : within(values[name])))

// The library's own `params` and `count` would read `$&` in a value as a pattern, and write 1000 without its separator.

/** A message with values: `params('Delete {name}')`, said as `text.remove({ name })`. */
export const params = transform((_, message: string, values: Record<string, string | number>) =>
  fill(message, values),
) as unknown as <Text extends string>(message: Text) => Said<Text>

/** A message for a number of things: `count({ one: '{count} task in {place}', other: '{count} tasks in {place}' })`, said as `text.tasks(3, { place })`. */
export const count = transform((tag: string, forms: Forms, amount: number, values: Record<string, string | number> = {}) => {
  const form = new Intl.PluralRules(tag).select(amount)
  return fill(forms[form] ?? forms.other, { ...values, count: amount })
}) as unknown as <const Messages extends Forms>(forms: Messages) => Counted<Messages['other']>

type Leaf = string | ((...values: never[]) => string)
type Tree = { readonly [key: string]: Leaf | Tree }
type Texts<Base> = {
  readonly [Key in keyof Base]: Base[Key] extends string ? string : Base[Key] extends Leaf ? Base[Key] : Texts<Base[Key]>
}

export type { Messages, Translation } from '../messages.ts'

type Translated = Record<string, string | Forms>

const disguise = pseudo[language]
/** A disguise is put over the English; every other language is a translation of its own. */
const spoken = disguise ? 'en' : language
const translations: Record<string, Translation> = {}

const i18n = createI18n(atom(spoken), {
  baseLocale: 'en',
  cache: { [spoken]: {} } as never,
  get: async () => ({}),
  preprocessors: disguise ? [(messages) => strings(messages, disguise)] : [],
})

/** The language in which the rules that the browser shares with the server are asked to speak. */
export const spokenLanguage = (spoken in languages ? spoken : 'en') as Language

/** A message of the rules in the language of the screen. */
export const say = (message: Message) => (disguise ?? String)(message.in(spokenLanguage))

/** Takes the translations of every catalogue by its name, before any text is read. */
export const translate = (all: Record<string, Translation>) => Object.assign(translations, all)

/**
 * The texts of a part of the product. `base` is their English; `de.json` beside it has the same tree in German. What has
 * no translation yet is said in English. A second catalogue of a module takes a branch of the module's file: `tasks/sentences`.
 */
export function catalogue<const Base extends Tree>(name: string, base: Base): Texts<Base> {
  const messages = new Map<string, Leaf>()
  const translated: Translated = {}
  const [owner, ...branch] = name.split('/')
  const collect = (tree: Tree, translation: Translation | undefined, path: string) => {
    for (const [key, each] of Object.entries(tree)) {
      const theirs = translation?.[key]
      if (!isMessage(each)) {
        collect(each, theirs as Translation | undefined, `${path}${key}.`)
        continue
      }
      messages.set(path + key, each)
      if (theirs !== undefined) translated[path + key] = theirs as string | Forms
    }
  }
  const theirs = branch.reduce<Translation | undefined>((tree, key) => tree?.[key] as Translation, translations[owner!])
  collect(base, theirs, '')
  const cache = i18n.cache as Record<string, Record<string, unknown>>
  if (spoken !== 'en') cache[spoken]![name] = translated
  const said = i18n(name, Object.fromEntries(messages) as never).get() as Record<string, Leaf>
  const build = (tree: Tree, path: string): Tree =>
    Object.fromEntries(
      Object.entries(tree).map(([key, each]) => [key, isMessage(each) ? said[path + key]! : build(each, `${path}${key}.`)]),
    )
  return build(base, '') as Texts<Base>
}

/** What `params` and `count` answer is an object with a `transform` until the library has made it a function. */
const isMessage = (each: Leaf | Tree): each is Leaf => typeof each === 'string' || 'transform' in each

/** The English of every catalogue there is, for the tests of the translations. */
export const baseMessages = () => (i18n.cache as unknown as Record<string, Record<string, Translated>>).en!

/** English with marks on its letters and a third longer: what stays plain is no text of a catalogue, what is cut off has no room. */
function accented(message: string) {
  const marks: Record<string, string> = { a: 'áá', e: 'éé', i: 'í', o: 'óó', u: 'ú', c: 'ç', n: 'ñ', s: 'š', y: 'ý', z: 'ž' }
  const capitals: Record<string, string> = { A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú', C: 'Ç', N: 'Ñ', S: 'Š', Y: 'Ý', Z: 'Ž' }
  return (
    message && `[${outsideNames(message, (words) => words.replace(/[a-z]/gi, (each) => marks[each] ?? capitals[each] ?? each))}]`
  )
}

/** English read from the right, each word turned around, as in a right-to-left script. */
function mirrored(message: string) {
  return outsideNames(message, (words) => words.replace(/\S+/g, '\u202e$&\u202c'))
}

const outsideNames = (message: string, change: (words: string) => string) =>
  message
    .split(/(\{\w+\})/)
    .map((part, at) => (at % 2 ? part : change(part)))
    .join('')
