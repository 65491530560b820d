/** What people without a part in the desk see: their own requests, as far as they are public. Safe to import in the browser. */
import { z } from 'zod'
import { RequestField } from '../settings/contract.ts'
import { stateCategories } from '../tasks/contract.ts'

export const OwnRequest = z.object({
  id: z.string(),
  key: z.string().describe('What people say: TATER-1042'),
  title: z.string(),
  category: z.string(),
  status: z.string(),
  statusCategory: z.enum(stateCategories),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().nullable(),
})
export type OwnRequest = z.output<typeof OwnRequest>

/** A file that was sent with the request or with a public answer. */
export const RequestFile = z.object({ id: z.string(), fileName: z.string(), contentType: z.string(), size: z.number().int() })

export const Answer = z.object({
  id: z.string(),
  body: z.string().describe('Markdown'),
  authorName: z.string(),
  mine: z.boolean(),
  createdAt: z.string(),
  editedAt: z.string().nullable(),
  attachments: z.array(RequestFile),
})
export type Answer = z.output<typeof Answer>

export const WholeRequest = OwnRequest.extend({
  description: z.string().describe('Markdown'),
  answers: z.array(Answer).describe('What was said publicly, oldest first; the latest 200'),
  attachments: z.array(RequestFile),
  mayAnswer: z.boolean().describe('False once it was joined to another ticket'),
})

/** What a new request may be about, and what each category asks for. */
export const RequestForm = z.object({
  categories: z.array(z.object({ name: z.string(), path: z.array(z.string()), fields: z.array(RequestField) })),
})

export const PortalPermissions = {
  'requests.read': 'See own requests and what was answered to them',
  'requests.write': 'Submit requests and answer on own ones',
}
