/** People an organization deals with who need no login. Safe to import in the browser. */
import { z } from 'zod'
import { Email, named, text } from '../../platform/fields.ts'

/** What is kept of a person; the columns of the CSV file too. */
export const contactFields = {
  name: named(200),
  email: Email,
  department: text(200).default(''),
  title: text(200).default('').describe('What the person does there'),
  notes: text(4000).default(''),
}
export const contactColumns = ['name', 'email', 'department', 'title', 'notes'] as const
export type ContactFields = Record<(typeof contactColumns)[number], string>

/** Rows of a CSV file at most; characters at most. */
export const mostRows = 5000
export const longestFile = 2_000_000

export const Contact = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  department: z.string(),
  title: z.string(),
  notes: z.string(),
  version: z.number().int(),
  updatedAt: z.string(),
  userId: z.string().nullable().describe('The member of the organization with the same e-mail address'),
})
export type Contact = z.output<typeof Contact>

export const PeoplePermissions = { 'people.manage': 'Add, change, merge and import people who need no login' }

export type PeopleEvents = {
  'contact.saved': { name: string; before: Record<string, unknown> | null; after: Record<string, unknown> }
  'contact.archived': { name: string; email: string }
  'contact.restored': { name: string; email: string }
  'contact.merged': { from: string; into: string; tasks: number }
  'contacts.imported': { added: number; changed: number }
  'contacts.exported': { q: string }
}
