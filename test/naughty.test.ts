/** Texts come back exactly as they went in: through every field people write, and through the exports. */
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { obstacleToAttaching, safeFileName } from '../modules/comments/operations.ts'
import { unguarded } from '../platform/csv.ts'
import { naughtyStrings } from './naughty-strings.ts'
import { type Headers, type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let organization: TestOrganization
let headers: Headers
let profileId: string

beforeAll(async () => {
  product = await testProduct()
  organization = await product.given.organization()
  headers = { 'x-api-key': organization.keys.OrgAdmin }
  const profile = await product.given.profile(organization, profileNamed('With a field of its own'))
  profileId = String(profile.id)
})
afterAll(() => product?.stop())

const profileNamed = (name: string) => ({
  name,
  customFields: [{ key: 'remark', label: 'Remark', type: 'text' }],
  statusFlow: [
    { status: 'New', allowedTransitions: ['Closed'], isInitial: true },
    { status: 'Closed', allowedTransitions: [], isTerminal: true, setClosedAt: true },
  ],
})

/** Nothing to read in it: not a title, a tag or a comment, but well a description. */
const blank = (text: string) => text.trim() === ''

test('the list is long, without repeats, and storable', () => {
  expect(naughtyStrings.length).toBeGreaterThan(120)
  expect(new Set(naughtyStrings).size).toBe(naughtyStrings.length)
  expect(naughtyStrings.filter((text) => text === '' || text.includes('\0') || !text.isWellFormed())).toEqual([])
})

describe('each comes back exactly', () => {
  test.each(naughtyStrings.map((text) => [JSON.stringify(text).slice(0, 60), text]))('%s', async (_name, text) => {
    const say = blank(text) ? `x${text}x` : text // nothing but space is nothing: such a text counts as empty
    const tags = [...say].length <= 50 ? [say] : []
    const input = {
      title: say,
      category: 'IT',
      description: say,
      tags,
      profileId,
      customFields: { remark: say },
      resolutionNotes: say,
    }
    const made = await product.request('POST', '/api/tasker/tasks', headers, input)
    expect([made.status, made.body.message]).toEqual([201, undefined])
    const read = await product.request('GET', `/api/tasker/tasks/${made.body.id}`, headers)
    expect(read.body).toMatchObject({
      title: say,
      description: say,
      tags,
      customFields: { remark: say },
      resolutionNotes: say,
    })
    const [row] = await product.asOwner<{ title: string; description: string }>(
      'select title, description from tasks where id = $1',
      [made.body.id],
    )
    expect(row).toEqual({ title: say, description: say })

    const comment = await product.request('POST', `/api/tasker/tasks/${made.body.id}/comments`, headers, { body: say })
    expect(comment.status).toBe(201)
    const listed = await product.request('GET', `/api/tasker/tasks/${made.body.id}/comments`, headers)
    expect(listed.body).toMatchObject({ items: [{ body: say }] })

    const found = await product.request('GET', `/api/tasker/tasks?q=${encodeURIComponent(text)}`, headers)
    expect(found.status).toBe(200)

    const changed = await product.request('PATCH', `/api/tasker/tasks/${made.body.id}`, headers, {
      title: `${say}!`,
      description: `${say}!`,
    })
    expect(changed.body).toMatchObject({ title: `${say}!`, description: `${say}!` })
  })

  test('as the name of a profile and of a view', async () => {
    for (const text of naughtyStrings.filter((each) => !blank(each))) {
      const saved = await product.request('POST', '/api/tasker/profiles', headers, profileNamed(text))
      expect([text, saved.status, saved.body.message]).toEqual([text, 201, undefined])
      const read = await product.request('GET', `/api/tasker/profiles/${encodeURIComponent(String(saved.body.id))}`, headers)
      expect(read.body.name).toBe(text)
      const view = await product.request('POST', '/api/tasker/views', headers, { name: text, query: { q: text } })
      expect([text, view.status]).toEqual([text, 201])
      expect(view.body).toMatchObject({ name: text, query: { q: text } })
    }
  })

  test('as the name of a file, without folders, control characters and directions', async () => {
    const task = await product.given.task(organization)
    const url = `/api/tasker/tasks/${task.id}/attachments`
    // A line break cannot stand in the header that carries the name; browsers write %0A instead.
    for (const text of naughtyStrings.filter((each) => !/[\r\n]/.test(each))) {
      const answer = await product.request('POST', url, { ...headers, ...form }, fileNamed(text))
      const name = safeFileName(text)
      if (obstacleToAttaching(name)) {
        expect([text, answer.status, answer.body.error]).toEqual([text, 422, 'FILE_REFUSED'])
        continue
      }
      expect([text, answer.status, answer.body.fileName]).toEqual([text, 201, name])
      const file = await product.request('GET', `/api/tasker/attachments/${answer.body.id}`, headers)
      expect([text, file.status, file.text]).toEqual([text, 200, 'content'])
      const disposition = String(file.headers['content-disposition'])
      expect(decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(disposition)![1]!)).toBe(name)
      expect(disposition).toMatch(/^attachment; filename="[\x20-\x7e]*"; /)
      expect(file.headers['content-type']).toBe('application/octet-stream')
    }
    const kept = await product.request('GET', `/api/tasker/tasks/${task.id}/conversation`, headers)
    expect((kept.body.attachments as unknown[]).length).toBeGreaterThan(100)
  })

  test('a name too long for a file keeps its end, and no half of a character', async () => {
    expect(safeFileName(`${'x'.repeat(300)}.txt`)).toMatch(/^x+\.txt$/)
    expect(safeFileName(`${'😀'.repeat(300)}x.txt`).isWellFormed()).toBe(true)
    expect(safeFileName(`${'😀'.repeat(300)}.txt`).isWellFormed()).toBe(true)
    expect(safeFileName('')).toBe('file')
    expect(safeFileName('../../etc/passwd')).toBe('passwd')
    expect(safeFileName('C:\\x\\evil\u202egpj.exe')).toBe('evilgpj.exe')
  })
})

const form = { 'content-type': 'multipart/form-data; boundary=x' }
const fileNamed = (name: string) =>
  Buffer.from(
    `--x\r\nContent-Disposition: form-data; name="file"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}\r\n\r\ncontent\r\n--x--\r\n`,
  )

describe('exports', () => {
  let inside: TestOrganization
  let texts: string[]

  beforeAll(async () => {
    inside = await product.given.organization()
    texts = naughtyStrings.map((text) => (blank(text) ? `x${text}` : text))
    for (const text of texts) await product.given.task(inside, { title: text, description: text, tags: [] })
  })

  test('CSV parses back: the guard against formulas is one leading quote, taken off again by reading', async () => {
    const answer = await product.request('GET', '/api/tasker/tasks/export.csv', { 'x-api-key': inside.keys.Viewer })
    expect(answer.status).toBe(200)
    const rows = parse(answer.text, { bom: true, columns: true, recordDelimiter: '\r\n' }) as Record<string, string>[]
    expect(rows.map((row) => unguarded(row.title!))).toEqual(texts)
    expect(rows.map((row) => unguarded(row.description!))).toEqual(texts)
    const cells = rows.flatMap((row) => Object.values(row))
    expect(cells.filter((cell) => /^[=+@\t\r]/.test(cell) || (/^-/.test(cell) && !/^-\d+([.,]\d+)?$/.test(cell)))).toEqual([])
  })

  test('NDJSON is one task a line', async () => {
    const answer = await product.request('GET', '/api/tasker/tasks/export.ndjson', { 'x-api-key': inside.keys.Viewer })
    const rows = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows.map((row) => row.title)).toEqual(texts)
    expect(rows.map((row) => row.description)).toEqual(texts)
  })

  test('more than a page: every task once, in the order of numbers', async () => {
    const many = await product.given.organization()
    for (let n = 0; n < 26; n += 1) await Promise.all(Array.from({ length: 40 }, () => product.given.task(many)))
    const answer = await product.request('GET', '/api/tasker/tasks/export.ndjson', { 'x-api-key': many.keys.Viewer })
    const numbers = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { number: number }).number)
    expect(numbers).toEqual(Array.from({ length: 1040 }, (_each, n) => 1001 + n))
  })
})
