/**
 * What the product says from where many people ask at once: the server, and the rules it shares with the browser. A message
 * knows its values and is put into words at the last moment, in the language of whoever asked. Its English stands in the code,
 * where it is said; `modules/<module>/de.json` has the German. (Texts of the screen: platform/react/i18n.ts.)
 */

/** The languages people may choose, by their own names. */
export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

export type Forms = { zero?: string; one?: string; two?: string; few?: string; many?: string; other: string }
export type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
/** Messages of one catalogue by their path, `list.title`. */
export type Messages = Record<string, string | Forms>
export type Translation = { readonly [key: string]: string | Translation }

/** Something to be said. As a text (in a log, an event, an answer to a program) it is English. */
export class Message {
  readonly in: (language: Language) => string
  constructor(say: (language: Language) => string) {
    this.in = say
  }
  toString() {
    return this.in('en')
  }
  toJSON() {
    return this.in('en')
  }
}

/** A message, or words that are the same in every language. */
export type Sayable = Message | string
type Value = Sayable | number
type Values<Text extends string> = { readonly [Name in Names<Text>]: Value }
type Said<Text extends string> = (values: Values<Text>) => Message
type Counted<Text extends string> = (
  count: number,
  ...values: Exclude<Names<Text>, 'count'> extends never ? [] : [Omit<Values<Text>, 'count'>]
) => Message

class WithValues {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

class InForms {
  readonly forms: Forms
  constructor(forms: Forms) {
    this.forms = forms
  }
}

/** A message with values: `params('There is no task {key}.')`, said as `say.noTask({ key })`. */
export const params = <const Text extends string>(text: Text) => new WithValues(text) as unknown as Said<Text>

/** A message for a number of things: `count({ one: '{count} task', other: '{count} tasks' })`, said as `say.tasks(3)`. */
export const count = <const Texts extends Forms>(forms: Texts) => new InForms(forms) as unknown as Counted<Texts['other']>

type Leaf = string | ((...values: never[]) => Message)
type Tree = { readonly [key: string]: Leaf | Tree }
type Sentences<Base> = {
  readonly [Key in keyof Base]: Base[Key] extends string ? Message : Base[Key] extends Leaf ? Base[Key] : Sentences<Base[Key]>
}

const translations: Partial<Record<Language, Record<string, Translation>>> = {}
const titles: Partial<Record<Language, Translation>> = {}
const summaries: Partial<Record<Language, Translation>> = {}

/** Takes the translations of every owner of a catalogue, by its name (a module, or `platform`). */
export function translateMessages(language: Language, all: Record<string, Translation>) {
  translations[language] = all
  titles[language] = Object.assign({}, ...Object.values(all).map((each) => each.titles))
  summaries[language] = Object.assign({}, ...Object.values(all).map((each) => each.summaries))
}

function translated(language: Language, path: readonly string[]): string | Forms | undefined {
  let found: unknown = translations[language]
  for (const key of path) found = (found as Translation | undefined)?.[key]
  return found as string | Forms | undefined
}

const numbers: Partial<Record<Language, Intl.NumberFormat>> = {}
const plurals: Partial<Record<Language, Intl.PluralRules>> = {}

function inWords(value: Value, language: Language): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return value.in(language)
  if (language === 'en') return String(value)
  numbers[language] ??= new Intl.NumberFormat(language)
  return numbers[language].format(value)
}

/** Messages cut at their values: text, name, text, name … Each is cut once; there are as many as the catalogues have. */
const cut = new Map<string, string[]>()

function fill(text: string, values: Readonly<Record<string, Value>>, language: Language): string {
  const pieces = cut.get(text) ?? text.split(/\{(\w+)\}/)
  cut.set(text, pieces)
  let said = pieces[0]!
  for (let at = 1; at < pieces.length; at += 2) {
    const value = values[pieces[at]!]
    said += (value === undefined ? `{${pieces[at]}}` : inWords(value, language)) + pieces[at + 1]
  }
  return said
}

function formOf(forms: Forms, amount: number, language: Language): string {
  plurals[language] ??= new Intl.PluralRules(language)
  return forms[plurals[language].select(amount)] ?? forms.other
}

const bases = new Map<string, Messages>()

/** The English of every catalogue of messages there is, for the test of the translations. */
export const englishMessages = (): Readonly<Record<string, Messages>> => Object.fromEntries(bases)

/**
 * The messages of a part of the product: `base` is their English, `de.json` of their owner has the same tree in German. What
 * has no translation is said in English. A catalogue `tasks/links` takes the branch `links` of `modules/tasks/de.json`.
 */
export function messages<const Base extends Tree>(name: string, base: Base): Sentences<Base> {
  const all: Messages = {}
  bases.set(name, all)
  const build = (tree: Tree, path: readonly string[]): object =>
    Object.fromEntries(Object.entries(tree).map(([key, leaf]) => [key, leafAt(leaf as never, [...path, key])]))
  const noted = (path: readonly string[], message: string | Forms) => {
    all[path.slice(owner.length).join('.')] = message
  }
  const owner = name.split('/')
  const leafAt = (leaf: string | WithValues | InForms | Tree, path: readonly string[]) => {
    if (leaf instanceof WithValues) {
      noted(path, leaf.text)
      return (values: Record<string, Value>) =>
        new Message((language) => fill((translated(language, path) as string | undefined) ?? leaf.text, values, language))
    }
    if (leaf instanceof InForms) {
      noted(path, leaf.forms)
      return (amount: number, values: Record<string, Value> = {}) =>
        new Message((language) => {
          const forms = (translated(language, path) as Forms | undefined) ?? leaf.forms
          return fill(formOf(forms, amount, language), { ...values, count: amount }, language)
        })
    }
    if (typeof leaf !== 'string') return build(leaf, path)
    noted(path, leaf)
    return new Message((language) => (translated(language, path) as string | undefined) ?? leaf)
  }
  return build(base, owner) as Sentences<Base>
}

/** The title of a kind of problem by its code; the German ones stand under `titles` in the `de.json` of whoever declares it. */
export const titleIn = (language: Language, code: string, english: string): string =>
  (titles[language]?.[code] as string | undefined) ?? english

/** What an operation does, in one line; the German ones stand under `summaries` in the `de.json` of its module, by name. */
export const summaryOf = (operation: { name: string; summary: string }): Message =>
  new Message((language) => (summaries[language]?.[operation.name] as string | undefined) ?? operation.summary)

const lists = messages('platform/lists', {
  or: params('{words} or {last}'),
  and: params('{words} and {last}'),
  more: params('{count} more'),
})

/** `High, Medium or Low`; long lists end in "and n more". */
export function list(words: readonly Sayable[], last: 'or' | 'and' = 'or'): Message {
  const shown = words.length > 12 ? [...words.slice(0, 10), lists.more({ count: words.length - 10 })] : words
  if (shown.length < 2) return asMessage(shown[0] ?? '')
  return lists[last]({ words: listed(shown.slice(0, -1)), last: shown.at(-1)! })
}

/** `High, Medium, Low`. */
export const listed = (words: readonly Sayable[]) =>
  new Message((language) => words.map((word) => inWords(word, language)).join(', '))

/** One whole sentence after the other. */
export const inTurn = (...sentences: readonly (Sayable | false | null | undefined)[]) =>
  new Message((language) =>
    sentences
      .filter((each) => each)
      .map((each) => inWords(each as Sayable, language))
      .join(' '),
  )

const given = new Map<string, Message>()

/** The English of a message for a library that wants a text now (the `error` of a schema); `again` finds its translation. */
export function english(message: Message): string {
  const text = message.in('en')
  given.set(text, message)
  return text
}

export const again = (text: string, language: Language): string => given.get(text)?.in(language) ?? text

/** Words that are not ours, the same in every language: what a provider, a library or a file says. Never a sentence of our own. */
export const verbatim = (text: string) => new Message(() => text)

/** An error with something to tell; its `message` is the English. */
export class SpokenError extends Error {
  readonly detail: Message
  constructor(detail: Message) {
    super(String(detail))
    this.detail = detail
  }
}

/** A message of what may be one already. */
export const asMessage = (words: Sayable): Message => (typeof words === 'string' ? verbatim(words) : words)

/** What is to be said, in words. */
export const inLanguage = (words: Sayable, language: Language): string => (typeof words === 'string' ? words : words.in(language))

/** A value with every message in it put into words. */
export function spoken<T>(value: T, language: Language): T {
  if (value instanceof Message) return value.in(language) as T
  if (Array.isArray(value)) return value.map((each) => spoken(each, language)) as T
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, spoken(each, language)])) as T
}

/** The language a request asks for (RFC 9110 §12.5.4); English when it names none of ours. */
export function languageAsked(header: string | undefined): Language {
  if (!header || header.startsWith('en')) return 'en'
  const wishes = header.split(',', 20).map((wish) => {
    const [tag = '', ...more] = wish
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/)
    const quality = more.find((each) => each.startsWith('q='))
    return { language: tag.split('-')[0]!, quality: quality ? Number(quality.slice(2)) || 0 : 1 }
  })
  const known = wishes.filter(({ language, quality }) => quality > 0 && Object.hasOwn(languages, language))
  return (known.sort((a, b) => b.quality - a.quality)[0]?.language ?? 'en') as Language
}
