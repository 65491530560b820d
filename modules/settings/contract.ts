/** What an organization shapes for itself (reference §4). Safe to import in the browser. */
import { z } from 'zod'
import { Email, Id, named, text } from '../../platform/fields.ts'
import { english, messages } from '../../platform/messages.ts'
import { defaultCategories, priorities } from '../identity/contract.ts'

const say = messages('settings/fields', {
  colour: 'Give a colour such as #b4532a, or nothing.',
  key: 'Begin with a small letter; letters and digits only.',
  categoryName: 'Letters, digits, spaces and _ - / & only.',
  teamId: 'Letters, digits, spaces and . _ & / - only; begin with a letter or digit.',
})

export const Color = text(7)
  .regex(/^(#[0-9a-f]{6})?$/i, english(say.colour))
  .transform((value) => value.toLowerCase())

/** Comparable form of a priority: `Medium`, `normal` and `NORMAL` are all `normal` (decisions §3). */
export function priorityKey(priority: string): string {
  const key = priority.trim().toLowerCase()
  return key === 'medium' ? 'normal' : key
}

/** A field that requests of one category ask for beside those of the profile. */
export const RequestField = z.strictObject({
  key: text(60).regex(/^[a-z][A-Za-z0-9]*$/, english(say.key)),
  label: named(100),
  type: z.enum(['text', 'number', 'date', 'boolean', 'choice', 'email', 'url']),
  required: z.boolean().default(false),
  choices: z.array(named(200)).min(1).max(200).optional(),
  help: text(500).optional(),
})
export type RequestField = z.output<typeof RequestField>

/** Letters, digits, space and _ - / & (reference §4). */
export const CategoryName = named(60).regex(/^[\p{L}\p{N} _\-/&]+$/u, english(say.categoryName))

export const Category = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  name: z.string(),
  path: z.array(z.string()).describe('From the top level to this one'),
  icon: z.string(),
  color: z.string(),
  defaultPriority: z.string().nullable(),
  responseMinutes: z.number().int().nullable().describe('First response; outranks the profile'),
  resolutionMinutes: z.number().int().nullable(),
  fields: z.array(RequestField),
  sort: z.number().int(),
  version: z.number().int(),
})
export type Category = z.output<typeof Category>

export const categoryInput = {
  parentId: Id.nullable().default(null),
  name: CategoryName,
  icon: text(8).default('').describe('One emoji or character'),
  color: Color.default(''),
  defaultPriority: text(60).nullable().default(null),
  responseMinutes: z.number().int().min(1).max(5_256_000).nullable().default(null),
  resolutionMinutes: z.number().int().min(1).max(5_256_000).nullable().default(null),
  fields: z.array(RequestField).max(30).default([]),
  sort: z.number().int().min(0).max(100_000).default(0),
}

export const Priority = z.object({ name: z.string(), label: z.string(), color: z.string(), rank: z.number().int() })
export type Priority = z.output<typeof Priority>
export const PriorityInput = z.strictObject({ name: named(60), label: named(60), color: Color.default('') })

export const Team = z.object({ id: z.string(), name: z.string(), leadEmail: z.string().nullable(), members: z.array(z.string()) })
export type Team = z.output<typeof Team>
export const TeamInput = z.strictObject({
  id: text(120)
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._&/-]*$/, english(say.teamId))
    .describe('What tasks carry as teamId'),
  name: named(100),
  leadEmail: Email.nullable().default(null),
  members: z.array(Email).max(500).default([]),
})

export const Branding = z.object({ accent: z.string(), logo: z.string().describe('A picture as data: address, or nothing') })

export const Settings = z.object({
  categories: z.array(Category),
  priorities: z.array(Priority),
  teams: z.array(Team),
  branding: Branding,
  ticketPrefix: z.string().describe('What task numbers begin with'),
})
export type Settings = z.output<typeof Settings>

export const maxLevels = 5

/** What applies until the organization says otherwise. */
export const standardCategories: Category[] = defaultCategories.map((name, sort) => ({
  // The same everywhere until the organization makes the list its own; so it can be named in the very first change.
  id: `00000000-0000-7000-8000-${String(sort + 1).padStart(12, '0')}`,
  parentId: null,
  name,
  path: [name],
  icon: '',
  color: '',
  defaultPriority: null,
  responseMinutes: null,
  resolutionMinutes: null,
  fields: [],
  sort,
  version: 1,
}))
export const standardPriorities: Priority[] = priorities.map((name, index) => ({ name, label: name, color: '', rank: index + 1 }))

export const SettingsPermissions = {
  'settings.read': 'See categories, priorities and teams',
  'settings.manage': 'Change categories, priorities and teams',
  'branding.manage': 'Change the accent colour and the logo',
}

type Changes = { before: Record<string, unknown> | null; after: Record<string, unknown> | null }
export type SettingsEvents = {
  'category.saved': { name: string } & Changes
  'category.archived': { name: string }
  'priorities.saved': Changes
  'team.saved': { name: string } & Changes
  'team.archived': { name: string }
  'branding.saved': Changes
}
