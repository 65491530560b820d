/** What the judge of changes says of fields and values. */
import { messages, params, type Sayable } from '../../platform/messages.ts'
import type { CompiledField } from './compile.ts'
import { fieldLabel } from './fields.ts'

/** A field in a sentence: the product's name of it in the language spoken, or its author's label. */
export const nameOf = (field: CompiledField): Sayable => (!field.custom && fieldLabel(field.key)) || field.label

export const values = messages('profiles/values', {
  oneWord: params('{field} takes one word from its list.'),
  notOffered: params('{field} cannot be “{value}”; choose {choices}.'),
  tooLong: params('{field} has {length} characters; shorten it to {limit}.'),
  text: params('{field} takes text.'),
  email: params('{field} is not an email address; write it like name@example.org.'),
  url: params('{field} is not a web address; write it like https://example.org/page.'),
  number: params('{field} takes a number.'),
  boolean: params('{field} takes yes or no; give true or false.'),
  date: params('{field} is not a date; write it like 2026-05-04.'),
  datetime: params('{field} is not a date and time; write it like 2026-05-04T09:30:00Z.'),
  list: params('{field} takes a list.'),
  entries: params('{field} has {length} entries; keep at most {limit}.'),
  large: params('{field} is too large; shorten its entries.'),
  texts: params('{field} takes a list of texts.'),
})

export const fields = messages('profiles/fields', {
  required: params('{field} is required under {profile}; fill it in and try again.'),
  notEmptied: params('{field} is required under {profile}; change it, but do not empty it.'),
  hidden: params('{field} is hidden by {profile}; leave it out or choose a profile that shows it.'),
  enter: params('{field} is needed to enter {status}; fill it in and move again.'),
  customShape: params('customFields takes an object of values by key, such as {example}.'),
  noCustom: params('{profile} has no custom field “{field}”; it has none.'),
  otherCustom: params('{profile} has no custom field “{field}”; it has {fields}.'),
})
