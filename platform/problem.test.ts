import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { messages } from './messages.ts'
import { asProblem, Conflict, codes, commitFailed, leavesOpen, mayPass, Problem, problem, toProblem } from './problem.ts'

const database = (code: string, more: object = {}) =>
  Object.assign(new Error('secret detail of the database'), { code, severity: 'ERROR', ...more })

const said = messages('test/problems', { one: 'There is one.' })

describe('what leaves the building', () => {
  test('about a problem of ours is all it says', () => {
    const details = toProblem(Conflict(said.one, { constraint: 'x' }), 'r1')
    expect(details).toEqual({
      type: '/docs/errors/CONFLICT',
      title: 'This conflicts with something already there',
      status: 409,
      detail: 'There is one.',
      instance: 'r1',
      error: 'CONFLICT',
      message: 'There is one.',
      constraint: 'x',
    })
  })

  test.each([
    [database('53100'), 507, 'STORAGE_FULL'],
    [Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }), 507, 'STORAGE_FULL'],
    [database('53300'), 503, 'BUSY'],
    [database('25P03'), 503, 'BUSY'],
    [database('57P03'), 503, 'BUSY'],
    [new Error('Connection terminated unexpectedly'), 503, 'BUSY'],
    [new Error('timeout exceeded when trying to connect'), 503, 'BUSY'],
  ])('about %s is that it may pass', (error, status, code) => {
    expect(toProblem(error, 'r')).toMatchObject({ status, error: code })
    expect(mayPass(asProblem(error))).toBe(true)
    expect(leavesOpen(error)).toBe(true)
  })

  test('about a commit without an answer is that nobody knows; about one that was answered, what was answered', () => {
    for (const lost of [new Error('Connection terminated unexpectedly'), database('57P01')])
      expect(toProblem(commitFailed(lost), 'r')).toMatchObject({ status: 503, message: expect.stringContaining('or not') })
    const taken = database('23505', { constraint: 'x' })
    expect(commitFailed(taken)).toBe(taken)
    expect(leavesOpen(taken)).toBe(false)
  })

  test.each([
    new Error('secret'),
    new TypeError('x is undefined'),
    'text',
    null,
    undefined,
    42,
    { code: 'x' },
    database('XX000'),
    database('22008'),
    database('42P01'),
  ])('about %s is nothing but the request id', (error) => {
    const details = toProblem(error, 'r2')
    expect(details).toMatchObject({ status: 500, error: 'internal', instance: 'r2' })
    expect(JSON.stringify(details)).not.toMatch(/secret|undefined/)
  })

  test.each([
    ['23505', 409, 'CONFLICT'],
    ['23503', 422, 'INVALID'],
    ['23514', 422, 'INVALID'],
    ['23502', 422, 'INVALID'],
    ['22021', 422, 'INVALID'],
    ['55P03', 503, 'BUSY'],
    ['57014', 503, 'BUSY'],
    ['40P01', 503, 'BUSY'],
    ['40001', 503, 'BUSY'],
    ['53300', 503, 'BUSY'],
    ['57P01', 503, 'BUSY'],
    ['08006', 503, 'BUSY'],
  ])('a database error %s becomes %i %s, in our words', (code, status, name) => {
    const found = asProblem(database(code, { constraint: 'rule_of_a_table' }))
    expect([found.status, found.code]).toEqual([status, name])
    expect(found.message).not.toContain('secret')
  })

  test('a connection that is refused is busy, not broken', () => {
    expect(asProblem(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })).status).toBe(503)
    expect(asProblem(new Error('Connection terminated unexpectedly')).status).toBe(503)
    expect(asProblem(Object.assign(new Error('no file'), { code: 'ENOENT' })).status).toBe(500)
  })
})

describe('what was wrong with the input', () => {
  const parse = (value: unknown) =>
    asProblem(
      z.strictObject({ a: z.string(), list: z.array(z.strictObject({ n: z.number() })).optional() }).safeParse(value).error,
    )

  test('is pointed at', () => {
    expect(parse({ a: 1 }).extra.errors).toMatchObject([{ pointer: '#/a' }])
    expect(parse({ a: 'x', list: [{ n: 'x' }] }).extra.errors).toMatchObject([{ pointer: '#/list/0/n' }])
    expect(parse({ a: 'x', fnord: 1, other: 2 }).extra.errors).toMatchObject([{ pointer: '#/fnord' }, { pointer: '#/other' }])
    expect(parse({ a: 'x', list: [{ n: 1, fnord: 1 }] }).extra.errors).toMatchObject([{ pointer: '#/list/0/fnord' }])
  })

  test('that it is missing is said in words', () => {
    const { error } = z.object({ title: z.string() }).safeParse({})
    expect(asProblem(error).message).toBe('title: Is missing (string).')
  })

  test('is said in one sentence, with how many there are', () => {
    expect(parse({ a: 'x', fnord: 1 }).message).toBe('fnord: There is no such field or parameter here.')
    expect(parse({ fnord: 1 }).message).toMatch(/\(2 problems in all\)$/)
  })
})

test('errors of the web server keep their status; theirs of 5xx are ours', () => {
  const http = (statusCode: number) => asProblem(Object.assign(new Error('said'), { statusCode }))
  expect([http(400).status, http(413).code, http(415).status, http(404).code]).toEqual([400, 'TOO_LARGE', 415, 'NOT_FOUND'])
  expect(http(500).code).toBe('internal')
})

test('declaring a problem makes its code known', () => {
  const made = problem('ONLY_IN_A_TEST', 418, 'A teapot')
  expect(codes.has('ONLY_IN_A_TEST')).toBe(true)
  expect(made.code).toBe('ONLY_IN_A_TEST')
  expect(made()).toBeInstanceOf(Problem)
  expect(made().message).toBe('A teapot')
  codes.delete('ONLY_IN_A_TEST')
})
