/** People who stand twice in the list, and the tickets that name them. */
import { z } from 'zod'
import { Id } from '../../../platform/fields.ts'
import { command } from '../../../platform/operation.ts'
import { mergeContacts } from '../../people/operations.ts'
import { renamePerson } from '../queries.ts'

export const mergePeople = command({
  name: 'tasks.merge-people',
  summary: 'Make two people one: the first is archived, its tickets name the second as requester and contact',
  route: 'POST /contacts/:contactId/merge',
  permission: 'people.manage',
  destructive: true,
  success: 200,
  input: z.strictObject({ contactId: Id, intoContactId: Id.describe('Who stays') }),
  output: z.object({ id: z.string(), tasks: z.number().int().describe('Tickets that were rewritten') }),
  run: (ctx, { contactId, intoContactId }) =>
    mergeContacts(ctx, { fromId: contactId, intoId: intoContactId }, (from, into) => renamePerson(ctx.db, from, into, ctx.now)),
})
