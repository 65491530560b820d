import { describe, expect, test } from 'vitest'
import { inlineTypes, obstacleToAttaching } from './files.ts'
import { excerpt, mentionsIn, obstacleToEditing } from './rules.ts'

describe('mentions', () => {
  test.each([
    ['Hello @ann@example.com, look', ['ann@example.com']],
    ['@Ann@Example.com and @ann@example.com', ['ann@example.com']],
    ['write to ann@example.com', []],
    ['x@ann@example.com', []],
    ['(@a.b+c@sub.example.co.uk)', ['a.b+c@sub.example.co.uk']],
    ['@ann@example.com.', ['ann@example.com']],
    ['@ann', []],
    ['', []],
  ])('%s', (body, wanted) => {
    expect(mentionsIn(body)).toEqual(wanted)
  })

  test('are at most fifty', () => {
    expect(mentionsIn(Array.from({ length: 80 }, (_each, n) => `@u${n}@example.com`).join(' '))).toHaveLength(50)
  })
})

test('a comment is changed by its author or a moderator', () => {
  const actor = (email: string, ...permissions: string[]) => ({ email, permissions: new Set(permissions) }) as never
  expect(obstacleToEditing(actor('a@b.c'), { authorEmail: 'a@b.c' })).toBeNull()
  expect(obstacleToEditing(actor('x@b.c', 'comments.moderate'), { authorEmail: 'a@b.c' })).toBeNull()
  expect(obstacleToEditing(actor('x@b.c', 'comments.write'), { authorEmail: 'a@b.c' })).toMatchObject({ code: 'NOT_YOURS' })
})

test('what a double click would run is not attached', () => {
  for (const name of ['a.exe', 'A.EXE', 'a.pdf.js', 'a.lnk', 'x.ps1', '.sh'])
    expect([name, obstacleToAttaching(name)?.code]).toEqual([name, 'FILE_REFUSED'])
  for (const name of ['a.pdf', 'exe', 'a.exe.txt', 'a.zip', 'json.md', 'a'])
    expect([name, obstacleToAttaching(name)]).toEqual([name, null])
})

test('nothing that can hold a script is shown in place', () => {
  for (const type of ['text/html', 'image/svg+xml', 'application/pdf', 'text/plain', 'application/xml'])
    expect(inlineTypes.has(type)).toBe(false)
})

test('an excerpt is the beginning', () => {
  expect(excerpt('short')).toBe('short')
  expect(excerpt('x'.repeat(300))).toBe(`${'x'.repeat(200)}…`)
})
