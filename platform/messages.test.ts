import { describe, expect, test } from 'vitest'
import {
  again,
  count,
  english,
  inTurn,
  languageAsked,
  list,
  Message,
  messages,
  params,
  spoken,
  translateMessages,
} from './messages.ts'

const say = messages('messages.test', {
  plain: 'As it is.',
  greeting: params('{who} has {what}.'),
  nested: { things: count({ one: '{count} thing', other: '{count} things' }) },
  untranslated: 'Only English.',
})

translateMessages('de', {
  'messages.test': {
    plain: 'Wie es ist.',
    greeting: '{what} hat {who}.',
    nested: { things: { one: '{count} Ding', other: '{count} Dinge' } },
  },
  platform: { lists: { or: '{words} oder {last}', and: '{words} und {last}', more: '{count} weitere' } },
})

describe('a message', () => {
  test('is said in the language asked for, its values too', () => {
    const message = say.greeting({ who: 'Ann', what: say.nested.things(1234) })
    expect([message.in('en'), message.in('de')]).toEqual(['Ann has 1234 things.', '1.234 Dinge hat Ann.'])
    expect([say.plain.in('de'), say.nested.things(1).in('de')]).toEqual(['Wie es ist.', '1 Ding'])
  })

  test('is English as a text, in JSON, and where it has no translation', () => {
    expect([`${say.plain}`, JSON.stringify({ it: say.plain })]).toEqual(['As it is.', '{"it":"As it is."}'])
    expect(say.untranslated.in('de')).toBe('Only English.')
  })

  test('takes values as they are, whatever stands in them', () => {
    expect(say.greeting({ who: '$&{what}', what: '{who}' }).in('en')).toBe('$&{what} has {who}.')
  })
})

test('lists end in a word, long ones in how many more there are', () => {
  const words = (amount: number) => Array.from({ length: amount }, (_, n) => `w${n}`)
  expect(String(list(words(1)))).toBe('w0')
  expect(String(list([]))).toBe('')
  expect(String(list(words(3), 'and'))).toBe('w0, w1 and w2')
  expect(spoken(list(words(13)), 'de')).toBe('w0, w1, w2, w3, w4, w5, w6, w7, w8, w9 oder 3 weitere')
})

test('sentences in turn leave out those that are not there', () => {
  expect(inTurn(say.plain, false, null, say.plain).in('de')).toBe('Wie es ist. Wie es ist.')
})

test('what a library was given in English is found again', () => {
  expect([again(english(say.plain), 'de'), again('Unknown.', 'de')]).toEqual(['Wie es ist.', 'Unknown.'])
})

test('a value is spoken with every message in it', () => {
  const value = { errors: [{ detail: say.plain }], at: new Date(0), none: null, message: new Message(() => 'x') }
  expect(spoken(value, 'de')).toEqual({ errors: [{ detail: 'Wie es ist.' }], at: new Date(0), none: null, message: 'x' })
})

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['de', 'de'],
  ['de-AT,de;q=0.9,en;q=0.8', 'de'],
  ['en-US,de;q=0.9', 'en'],
  ['fr-FR, DE;q=0.7, en;q=0.3', 'de'],
  ['fr, en;q=0.8, de;q=0.7', 'en'],
  ['de;q=0, fr', 'en'],
  ['constructor, __proto__', 'en'],
  [';;;q=,,', 'en'],
])('Accept-Language %s asks for %s', (header, language) => {
  expect(languageAsked(header)).toBe(language)
})
