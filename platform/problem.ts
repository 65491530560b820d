/**
 * Every expected failure is a Problem (RFC 9457). Anything else is a bug: it is logged whole and the caller
 * learns only its request id.
 */
import { z } from 'zod'
import { fieldError, fieldErrors } from './field-errors.ts'
import { type Language, type Message, messages, params, spoken, titleIn, verbatim } from './messages.ts'

/** Beside the sentence: values, and messages wherever somebody reads them. */
export type Extra = { errors?: readonly { pointer: string; detail: Message }[]; [key: string]: unknown }

export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  /** What stands beside the sentence; messages in it are put into words with it. */
  readonly extra: Extra
  readonly detail: Message | undefined

  constructor(code: string, status: number, title: string, detail?: Message, extra: Extra = {}) {
    super(String(detail ?? title))
    this.detail = detail
    this.code = code
    this.status = status
    this.title = title
    this.extra = extra
  }

  /** The sentence in a language; `message`, as every error has one, is the English. */
  in(language: Language): string {
    if (this.detail === undefined) return titleIn(language, this.code, this.title)
    return this.detail.in(language)
  }
}

/** Declares a kind of problem; call the result to make one. Its code has a page in docs/errors/ (tested). */
export const problem = (code: string, status: number, title: string) => {
  codes.add(code)
  titles.set(code, title)
  return Object.assign((detail?: Message, extra?: Extra) => new Problem(code, status, title, detail, extra), {
    code,
  })
}

/** All declared codes, for the test that each has its page. */
export const codes = new Set<string>(['internal'])

/** Their English titles, for the test of the translations. */
export const titles = new Map<string, string>()

const say = messages('platform/problems', {
  internal: 'Something went wrong on our side. Nothing was changed; the log has the details under this request id.',
  unreachable: 'The database cannot be reached right now. Try again in a moment.',
  busy: 'Somebody else is changing the same thing. Try again in a moment.',
  outcomeUnknown:
    'The connection to the database broke while this was being saved: it may have been saved or not. Look before you do it again, or send it again with the same Idempotency-Key.',
  full: 'The disk of the server is full, so nothing can be saved right now. Nothing was changed. Ask whoever runs the server to free some space, then try again.',
  taken: params('There is one already ({constraint}).'),
  reference: params('It refers to something that is not there ({constraint}).'),
  notAllowed: params('The value is not allowed ({constraint}).'),
  character: 'The text contains a character that cannot be stored (U+0000). Remove it and send again.',
  standingEnded: 'Your access, or that of the person this is for, ended or shrank in this very moment. Nothing was made.',
  tooLarge: 'The request is larger than this address accepts.',
  several: params('{first} ({count} problems in all)'),
})

export const Unauthenticated = problem('UNAUTHORIZED', 401, 'Sign in to continue')
export const Forbidden = problem('FORBIDDEN', 403, 'You may not do this')
export const PersonRequired = problem('PERSON_REQUIRED', 403, 'Only a signed-in person may do this')
export const NotFound = problem('NOT_FOUND', 404, 'Not found')
export const Conflict = problem('CONFLICT', 409, 'This conflicts with something already there')
export const Stale = problem('STALE', 409, 'Somebody else changed this in the meantime')
export const Invalid = problem('INVALID', 422, 'The request is not valid')
export const BadRequest = problem('BAD_REQUEST', 400, 'The request cannot be read')
export const TooLarge = problem('TOO_LARGE', 413, 'This is too large')
export const NoOrganization = problem('AMBIGUOUS_ORG', 400, 'Choose an organization first')
export const Busy = problem('BUSY', 503, 'The database is busy or restarting')
export const StorageFull = problem('STORAGE_FULL', 507, 'The disk of the server is full')
export const KeyReused = problem('IDEMPOTENCY_KEY_REUSED', 422, 'This Idempotency-Key was used for another request')

export type ProblemDetails = {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  /** Machine code, e.g. `NOT_FOUND`; the same as in `type`. */
  error: string
  /** The sentence for the person or agent; the same as `detail`. */
  message: string
  errors?: readonly { pointer: string; detail: string }[]
}

/** What leaves the building about a failure, in the language of whoever asked. */
export function toProblem(error: unknown, requestId: string, language: Language = 'en'): ProblemDetails {
  const problem = asProblem(error)
  const { code, status } = problem
  const [title, message] = [titleIn(language, code, problem.title), problem.in(language)]
  const extra = spoken(problem.extra, language) as Record<string, unknown>
  return { type: `/docs/errors/${code}`, title, status, detail: message, instance: requestId, error: code, message, ...extra }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof z.ZodError) return fromZod(error)
  if (isDatabaseError(error)) return fromDatabase(error)
  if (isLostConnection(error)) return unreachable()
  if (isFullDisk(error)) return StorageFull(say.full)
  if (isClientError(error)) return fromFastify(error)
  return internal(say.internal)
}

titles.set('internal', 'Something went wrong on our side')
const internal = (detail?: Message) => new Problem('internal', 500, titles.get('internal')!, detail)

/** The first of several things that are wrong, and how many there are. */
export const firstOf = (errors: readonly Message[]): Message =>
  errors.length === 1 ? errors[0]! : say.several({ first: errors[0]!, count: errors.length })

/** What is wrong with one field that its schema could not know. */
export function invalidField(path: readonly string[], problem: Message): Problem {
  const { sentence, pointer, detail } = fieldError(path, problem)
  return Invalid(sentence, { errors: [{ pointer, detail }] })
}

function fromZod(error: z.ZodError): Problem {
  const errors = error.issues.flatMap(fieldErrors)
  return Invalid(firstOf(errors.map(({ sentence }) => sentence)), {
    errors: errors.map(({ pointer, detail }) => ({ pointer, detail })),
  })
}

type DatabaseError = Error & { code: string; severity?: string; constraint?: string; column?: string }

const isDatabaseError = (error: unknown): error is DatabaseError =>
  error instanceof Error &&
  typeof (error as DatabaseError).code === 'string' &&
  ('severity' in error || /^(ECONN|57P|EPIPE)/.test((error as DatabaseError).code))

/** The driver says this without a code when the database ends in the middle of a statement, or lets nobody in. */
const isLostConnection = (error: unknown) =>
  error instanceof Error &&
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(error.message)

const isFullDisk = (error: unknown) => /^(ENOSPC|EDQUOT)$/.test(String((error as { code?: unknown } | null)?.code))

const unreachable = () => Busy(say.unreachable)

/** Whether nobody can tell from this failure what became of what was asked: only a refusal says that nothing was done. */
export const leavesOpen = (error: unknown): boolean => asProblem(error).status >= 500

/** Whether the same may go well later: the database is away or busy, the disk is full. */
export const mayPass = ({ status }: Problem): boolean => status === 503 || status === 507

/** A commit was sent and no answer came: it may be on disk. Any other failure of a commit is what it is. */
export const commitFailed = (error: unknown): unknown => (isConnectionGone(error) ? Busy(say.outcomeUnknown) : error)

/** Whether a connection that answers so is of no use any more, even where it has not been closed yet. */
export const isConnectionGone = (error: unknown): boolean =>
  isLostConnection(error) || (isDatabaseError(error) && isGone(error.code))

function fromDatabase(error: DatabaseError): Problem {
  const { code, constraint } = error
  if (code === '23505') return Conflict(say.taken({ constraint: String(constraint) }), { constraint })
  if (code === '23503') return Invalid(say.reference({ constraint: String(constraint) }), { constraint })
  if (code === '23514' || code === '23502')
    return Invalid(say.notAllowed({ constraint: String(constraint ?? error.column) }), { constraint })
  if (code === 'TS001') return Forbidden(say.standingEnded)
  if (code === '22021' || code === '22P05') return Invalid(say.character)
  if (code === '55P03' || code === '57014' || code === '40001' || code === '40P01') {
    return Busy(say.busy)
  }
  if (code === '53100') return StorageFull(say.full)
  if (isGone(code) || code.startsWith('53')) return unreachable()
  return internal()
}

/** The connection is of no use any more, or never came to be (25P03: idle for too long). */
const isGone = (code: string) => /^(ECONN|EPIPE|57P|08|25P03|25P04)/.test(code)

type HttpError = Error & { statusCode: number; code?: string }

const isClientError = (error: unknown): error is HttpError =>
  error instanceof Error && typeof (error as HttpError).statusCode === 'number' && (error as HttpError).statusCode < 500

function fromFastify(error: HttpError): Problem {
  if (error.statusCode === 413) return TooLarge(say.tooLarge)
  if (error.statusCode === 404) return NotFound(verbatim(error.message))
  return new Problem('BAD_REQUEST', error.statusCode, titles.get('BAD_REQUEST')!, verbatim(error.message))
}
