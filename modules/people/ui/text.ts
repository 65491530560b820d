/** Words of the pages about people without a login. */
import { catalogue, count, params } from '../../../platform/react/i18n.ts'

export const text = catalogue('people', {
  title: 'People',
  lead: 'Whom your organization works for or with, login or not. They are offered as requester and contact of a task.',
  cancel: 'Cancel',
  save: 'Save',
  add: 'Add person',
  editOf: params('Edit {name}'),
  edit: 'Edit',
  saved: params('{name} saved.'),
  search: 'Search people',
  searchHelp: 'How the name, last name or e-mail address begins',
  head: { name: 'Name', email: 'E-mail address', department: 'Department', title: 'Title' },
  notes: 'Notes',
  member: 'Member',
  memberHelp: 'Has a login of this organization with the same e-mail address',
  more: 'More people',
  merge: 'Merge',
  mergeOf: params('Merge {name} into somebody'),
  archive: 'Archive',
  archiveOf: params('Archive {name}'),
  archiveTitle: params('Archive {name}?'),
  archiveLead: 'They are no longer offered. Their tickets keep the address, and somebody with this address can be added again.',
  empty: 'Nobody yet',
  emptyBody: 'Add the first person, or import a CSV file with the columns name and email.',
  nobody: 'Nobody fits',
  nobodyBody: 'The search looks at how the name, the last name and the e-mail address begin.',
  clear: 'Clear search',
  import: 'Import',
  importTitle: 'Import people',
  importLead:
    'A CSV file whose first line is name,email,department,title,notes; the last three may be missing. Who is known by e-mail address is changed. When a line is wrong, nothing is.',
  importFile: 'CSV file',
  importSubmit: 'Import',
  imported: params('{added} added, {changed} changed.'),
  tooLarge: 'The file is larger than 2 MB. Split it.',
  export: 'Export',
})

export const sentenceWords = catalogue('people/sentences', {
  added: params('added {name} to the people'),
  changed: params('changed what is known of {name}'),
  archived: params('archived {name} ({email})'),
  merged: count({
    one: 'merged {from} into {into}; {count} ticket was rewritten',
    other: 'merged {from} into {into}; {count} tickets were rewritten',
  }),
  imported: params('imported people: {added} added, {changed} changed'),
  exported: 'exported the people',
})
