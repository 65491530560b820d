/**
 * An operation is one thing the product can do, said once: its name, its route, its permission, its input and
 * output, and what it does. REST, OpenAPI, MCP, the typed client and the activity are all read off this value.
 */
import type { z } from 'zod'
import type { Permission } from '../modules/vocabulary.ts'
import type { Context } from './context.ts'

type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

type Definition<Name extends string, In extends z.ZodObject, Out extends z.ZodObject> = {
  /** `tasks.create`: the audit action and the client's key. */
  name: Name
  /** One line, shown in the API's documentation and read by agents when they choose a tool. */
  summary: string
  /** Under `/api`, with `:parameters` that are fields of the input. */
  route: `${Verb} /${string}`
  /** What the caller must hold; null for what everybody signed in may do (say why beside it). */
  permission: Permission | null
  /** A strict object: a field that is not named here is refused by name. */
  input: In
  output: Out
  /** Cannot be undone. Agents are told, and people are asked to confirm. */
  destructive?: true
  /** The status of success when it is not 201 for POST and 200 for the rest. */
  success?: number
  /** The MCP tool, when agents get one: its name in the seeds' words, and what to show of the output. */
  mcp?: { tool: string; description?: string; present?(output: z.output<Out>): unknown }
  /**
   * Its bytes come and go by a door of their own (files); the route stands here for documentation and tests. A `page` is
   * what the door of a download reads over and over; it has no address, and its route is a name only.
   */
  byDoor?: 'upload' | 'download' | 'public' | 'page'
  /** Parts of the form an upload takes beside `file`, for the documentation; fields of the input. */
  form?: readonly string[]
  /** A step of background work whose start and end are recorded: it leaves no event of its own when it records none. */
  quiet?: true
  /** The answer holds a secret that is shown once, so a repeated Idempotency-Key is answered with a conflict, not with it. */
  secret?: true
  /** Of a query: heavy enough to be read at a replica where there is one (lists, searches, dashboards, exports). */
  replica?: true
  /** Gives somebody access or makes a secret, so only a signed-in person may: never a key, never an agent (decision 014). */
  personOnly?: true
  /** Works without an organization (sign-in's own pages); its transaction then sees no organization's data. */
  withoutOrganization?: true
  run(ctx: Context, input: z.output<In>): Promise<z.output<Out>>
}

export type Operation<
  Kind extends 'query' | 'command' = 'query' | 'command',
  Name extends string = string,
  In extends z.ZodObject = z.ZodObject,
  Out extends z.ZodObject = z.ZodObject,
> = Definition<Name, In, Out> & { kind: Kind }

// biome-ignore lint/suspicious/noExplicitAny: the one place where variance has to give way
export type AnyOperation = Operation<any, any, any, any>

/** Every operation that was declared, by name. */
export const declared = new Map<string, AnyOperation>()

/** All declared tools by name, for the pages that say who may use which. */
export const tools = new Map<string, AnyOperation>()

function noted<Op extends AnyOperation>(op: Op): Op {
  declared.set(op.name, op)
  if (op.mcp) tools.set(op.mcp.tool, op)
  return op
}

/** Reads. Runs in a read-only transaction, so it cannot write even by mistake. */
export const query = <const N extends string, I extends z.ZodObject, O extends z.ZodObject>(
  definition: Definition<N, I, O>,
): Operation<'query', N, I, O> => noted({ kind: 'query', ...definition })

/** Changes something. Always leaves an event behind. */
export const command = <const N extends string, I extends z.ZodObject, O extends z.ZodObject>(
  definition: Definition<N, I, O>,
): Operation<'command', N, I, O> => noted({ kind: 'command', ...definition })

/** `PATCH /tasker/tasks/:taskId`, taken apart. */
export function routeOf(op: AnyOperation) {
  const [method, path] = op.route.split(' ') as [Verb, string]
  const parameters = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!)
  return { method, path, parameters, success: op.success ?? (method === 'POST' ? 201 : 200) }
}
