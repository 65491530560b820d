/**
 * Every expected failure is a Problem (RFC 9457). Anything else is a bug: it is logged whole and the caller
 * learns only its request id.
 */
import { z } from 'zod'

export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly extra: Record<string, unknown>

  constructor(code: string, status: number, title: string, detail = title, extra: Record<string, unknown> = {}) {
    super(detail)
    this.code = code
    this.status = status
    this.title = title
    this.extra = extra
  }
}

/** Declares a kind of problem; call the result to make one. Its code has a page in docs/errors/ (tested). */
export const problem = (code: string, status: number, title: string) => {
  codes.add(code)
  return Object.assign((detail?: string, extra?: Record<string, unknown>) => new Problem(code, status, title, detail, extra), {
    code,
  })
}

/** All declared codes, for the test that each has its page. */
export const codes = new Set<string>(['internal'])

export const Unauthenticated = problem('UNAUTHORIZED', 401, 'Sign in to continue')
export const Forbidden = problem('FORBIDDEN', 403, 'You may not do this')
export const NotFound = problem('NOT_FOUND', 404, 'Not found')
export const Conflict = problem('CONFLICT', 409, 'This conflicts with something already there')
export const Stale = problem('STALE', 409, 'Somebody else changed this in the meantime')
export const Invalid = problem('INVALID', 422, 'The request is not valid')
export const BadRequest = problem('BAD_REQUEST', 400, 'The request cannot be read')
export const TooLarge = problem('TOO_LARGE', 413, 'This is too large')
export const NoOrganization = problem('AMBIGUOUS_ORG', 400, 'Choose an organization first')
export const Busy = problem('BUSY', 503, 'The database is busy or restarting')
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
  errors?: { pointer: string; detail: string }[]
}

/** What leaves the building about a failure. */
export function toProblem(error: unknown, requestId: string): ProblemDetails {
  const { code, status, title, message, extra } = asProblem(error)
  return { type: `/docs/errors/${code}`, title, status, detail: message, instance: requestId, error: code, message, ...extra }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof z.ZodError) return fromZod(error)
  if (isDatabaseError(error)) return fromDatabase(error)
  if (isLostConnection(error)) return unreachable()
  if (isClientError(error)) return fromFastify(error)
  return new Problem(
    'internal',
    500,
    'Something went wrong on our side',
    'Something went wrong on our side. Nothing was changed; the log has the details under this request id.',
  )
}

function fromZod(error: z.ZodError): Problem {
  const errors = error.issues.flatMap(pointersOf)
  const first = errors[0]!
  return Invalid(errors.length === 1 ? sentence(first) : `${sentence(first)} (${errors.length} problems in all)`, { errors })
}

const sentence = ({ pointer, detail }: { pointer: string; detail: string }) =>
  pointer === '#/' ? detail : `${pointer.slice(2).replaceAll('/', '.')}: ${detail}`

function pointersOf(issue: z.core.$ZodIssue): { pointer: string; detail: string }[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: `#/${[...path, key].join('/')}`,
      detail: 'There is no such field or parameter here.',
    }))
  }
  const lacking = /^Invalid input: expected (\w+), received undefined$/.exec(issue.message)
  return [{ pointer: `#/${path.join('/')}`, detail: lacking ? `Is missing (${lacking[1]}).` : issue.message }]
}

type DatabaseError = Error & { code: string; severity?: string; constraint?: string; column?: string }

const isDatabaseError = (error: unknown): error is DatabaseError =>
  error instanceof Error &&
  typeof (error as DatabaseError).code === 'string' &&
  ('severity' in error || /^(ECONN|57P|EPIPE)/.test((error as DatabaseError).code))

/** The driver says this without a code when the database ends in the middle of a statement. */
const isLostConnection = (error: unknown) =>
  error instanceof Error && /^(Connection terminated|Client has encountered a connection error)/.test(error.message)

const unreachable = () => Busy('The database cannot be reached right now. Try again in a moment.')

function fromDatabase(error: DatabaseError): Problem {
  const { code, constraint } = error
  if (code === '23505') return Conflict(`There is one already (${constraint}).`, { constraint })
  if (code === '23503') return Invalid(`It refers to something that is not there (${constraint}).`, { constraint })
  if (code === '23514' || code === '23502')
    return Invalid(`The value is not allowed (${constraint ?? error.column}).`, { constraint })
  if (code === '22021' || code === '22P05')
    return Invalid('The text contains a character that cannot be stored (U+0000). Remove it and send again.')
  if (code === '55P03' || code === '57014' || code === '40001' || code === '40P01') {
    return Busy('Somebody else is changing the same thing. Try again in a moment.')
  }
  if (/^(ECONN|EPIPE|57P|08)/.test(code) || code === '53300') return unreachable()
  return new Problem('internal', 500, 'Something went wrong on our side')
}

type HttpError = Error & { statusCode: number; code?: string }

const isClientError = (error: unknown): error is HttpError =>
  error instanceof Error && typeof (error as HttpError).statusCode === 'number' && (error as HttpError).statusCode < 500

function fromFastify(error: HttpError): Problem {
  if (error.statusCode === 413) return TooLarge('The request is larger than this address accepts.')
  if (error.statusCode === 404) return NotFound(error.message)
  return new Problem('BAD_REQUEST', error.statusCode, 'The request cannot be read', error.message)
}
