/** Whoever asks for German is told in German what the server has to say; programs that do not ask read English. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Headers, type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let organization: TestOrganization
let english: Headers
let german: Headers
let profileId: string

beforeAll(async () => {
  product = await testProduct()
  organization = await product.given.organization('Stadtwerke')
  await product.given.seeds(organization)
  english = { 'x-api-key': organization.keys.OrgAdmin }
  german = { ...english, 'accept-language': 'de-DE,de;q=0.9,en;q=0.5' }
  profileId = `profile-itil-incident-${organization.id}`
})
afterAll(() => product?.stop())

const incident = () =>
  product.given.task(organization, {
    ...{ profileId, description: 'It stopped', impact: 'High', urgency: 'High', priority: 'High', source: 'Phone' },
    assignedToEmail: 'ann@example.com',
  } as never)

const both = async (method: string, url: string, body?: unknown) => {
  const [de, en] = [await product.request(method, url, german, body), await product.request(method, url, english, body)] as const
  expect([de.status, de.body.error]).toEqual([en.status, en.body.error])
  return { de: de.body, en: en.body, headers: de.headers }
}

describe('a refusal of the process', () => {
  test('of a move names the states as the screen does, and stays the same for programs', async () => {
    const task = await incident()
    const { de, en, headers } = await both('PATCH', `/api/tasker/tasks/${task.id}`, { status: 'Resolved' })
    expect(de.title).toBe('Der Prozess lässt diesen Wechsel nicht zu')
    expect(de.message).toBe(
      'Von Neu geht es in ITIL Incident nicht direkt zu Gelöst; der Weg dorthin ist Zugewiesen → In Bearbeitung → Gelöst.',
    )
    expect(de.rule).toBe('Statusablauf von ITIL Incident: Auf Neu folgt Zugewiesen oder Abgebrochen.')
    expect(en.message).toBe(
      'New cannot go straight to Resolved under ITIL Incident; the way there is Assigned → In Progress → Resolved.',
    )
    expect(de).toMatchObject({ currentStatus: 'New', allowedTransitions: ['Assigned', 'Cancelled'], error: en.error })
    expect([headers['content-language'], headers.vary]).toEqual(['de', 'accept-language'])
  })

  test('of a status, a choice and an unknown field', async () => {
    const task = await incident()
    const url = `/api/tasker/tasks/${task.id}`
    expect((await both('PATCH', url, { status: 'Fnord' })).de.message).toMatch(
      /^„Fnord“ ist kein Status von ITIL Incident; von Neu/,
    )
    expect((await both('PATCH', url, { impact: 'Cosmic' })).de.message).toBe(
      'Auswirkung kann nicht „Cosmic“ sein; wählen Sie Hoch, Mittel oder Niedrig.',
    )
    expect((await both('PATCH', url, { customFields: { fnord: 1 } })).de.message).toContain('kein eigenes Feld „fnord“')
    expect((await both('PATCH', url, { impact: null })).de.message).toMatch(/^Auswirkung ist laut ITIL Incident erforderlich/)
  })

  test('of a new task that lacks fields', async () => {
    const { de, en } = await both('POST', '/api/tasker/tasks', { title: 'Ohne alles', profileId })
    expect(de.message).toMatch(/ und .* sind erforderlich; füllen Sie die Felder aus und versuchen Sie es erneut\.$/)
    expect(de.errors).toEqual(
      (en.errors as { pointer: string }[]).map(({ pointer }) => ({ pointer, detail: expect.stringContaining('ist laut ITIL') })),
    )
    expect(de.missingFields).toEqual(en.missingFields)
  })

  test('in a row of a change of many', async () => {
    const task = await incident()
    const body = { taskIds: [task.id], change: { status: 'Closed' } }
    const { de } = await both('POST', '/api/tasker/tasks/bulk', body)
    expect((de.results as { message: string }[])[0]!.message).toMatch(/^Von Neu geht es/)
  })
})

describe('a refusal of every part of the product', () => {
  test('names the operation in German when a permission is missing', async () => {
    const viewer = { 'x-api-key': organization.keys.Viewer, 'accept-language': 'de' }
    const { body } = await product.request('POST', '/api/tasker/tasks', viewer, { title: 'Ein Ticket' })
    expect(body.message).toMatch(
      /^Für „Ein Ticket anlegen, unter einem Prozessprofil .*“ ist die Berechtigung tasks\.write nötig;/,
    )
  })

  test.each([
    ['agents', 'DELETE', '/api/agents/connections/01890000-0000-7000-8000-000000000000', 'Diese Verbindung gibt es nicht'],
    ['imports', 'GET', '/api/imports/01890000-0000-7000-8000-000000000000', 'Einen Import .* gibt es in dieser'],
    ['the register', 'GET', '/api/security/records/RISK-99', 'Einen Eintrag RISK-99 gibt es in dieser'],
    ['people', 'GET', '/api/contacts?after=x', 'Dieses `after` ist nicht von einer Seite mit Personen'],
    ['a schema', 'GET', '/api/tasker/tasks/x.y', 'Geben Sie ein Ticket mit seiner ID oder Nummer an'],
    ['a door', 'POST', '/api/imports', 'Senden Sie die Datei als multipart/form-data'],
  ])('of %s', async (_, method, url, said) => {
    const { de, en } = await both(method, url, method === 'POST' ? {} : undefined)
    expect(de.message).toMatch(new RegExp(said))
    expect(en.message).not.toBe(de.message)
  })
})

test('the process of a task is described in German, its clocks too', async () => {
  const task = await incident()
  const { de, en } = await both('GET', `/api/tasker/tasks/${task.id}/process`)
  const sla = (body: Record<string, unknown>) => body.sla as { sentence: string; resolution: { rule: string } }
  expect(sla(de).sentence).toMatch(/^Erste Reaktion: fällig \S+Z, noch .* Lösung: fällig/)
  expect(sla(de).resolution.rule).toMatch(/^SLA-Vorgaben von ITIL Incident: Hoch innerhalb von/)
  expect(sla(en).sentence).toMatch(/^First response is due \S+Z, .* left\. Resolution is due/)
  const moves = (body: Record<string, unknown>) => body.moves as { to: string; slaEffect: string }[]
  expect(moves(de).map(({ to }) => to)).toEqual(moves(en).map(({ to }) => to))
  expect(moves(de).at(-1)!.slaEffect).toMatch(/^Stoppt die Uhr der ersten Reaktion: /)
  expect((de.otherStates as { reason: string }[])[0]!.reason).toMatch(/^Von Neu geht es/)
})

describe('what is wrong with a request', () => {
  test('is said field by field', async () => {
    const { de } = await both('POST', '/api/tasker/tasks', { title: 7, fnord: true, tags: 'x' })
    expect(de.message).toMatch(/^title: .* \(insgesamt 3 Probleme\)$/)
    expect(de.errors).toEqual([
      { pointer: '#/title', detail: 'Ungültige Eingabe: erwartet wird Text, angekommen ist eine Zahl' },
      { pointer: '#/tags', detail: 'Ungültige Eingabe: erwartet wird eine Liste, angekommen ist Text' },
      { pointer: '#/fnord', detail: 'Dieses Feld oder diesen Parameter gibt es hier nicht.' },
    ])
    expect((await both('POST', '/api/tasker/tasks', {})).de.message).toMatch(/^title: Fehlt/)
    expect((await both('GET', '/api/tasker/tasks?limit=5000')).de.message).toMatch(/^limit: Zu groß/)
    expect((await both('GET', '/api/manage/keys/none')).de.message).toMatch(/^Unter GET \/api\/manage\/keys\/none gibt es nichts/)
  })

  test('or that it is not there, not allowed, outdated or from nobody', async () => {
    const task = await incident()
    const url = `/api/tasker/tasks/${task.id}`
    expect((await both('GET', '/api/tasker/tasks/TATER-9999')).de.message).toBe(
      'In dieser Organisation gibt es kein Ticket TATER-9999.',
    )
    const stale = await both('PATCH', url, { title: 'Neu', ifVersion: 7 })
    expect(stale.de).toMatchObject({ title: 'Inzwischen hat jemand anderes das geändert' })
    expect(stale.de.message).toMatch(/hat dieses Ticket inzwischen geändert \(Version 1; Ihre Änderung beruht auf 7\)/)
    const viewer = { 'x-api-key': organization.keys.Viewer, 'accept-language': 'de' }
    const forbidden = (await product.request('DELETE', url, viewer)).body
    expect(forbidden.message).toMatch(/ist die Berechtigung tasks.delete nötig; Lesende hat sie bei Stadtwerke nicht\./)
    const nobody = (await product.request('GET', url, { 'accept-language': 'de' })).body
    expect(nobody.title).toBe('Melden Sie sich an, um fortzufahren')
  })
})

test('what is wrong with a profile is found in German', async () => {
  const profile = {
    name: 'P',
    fieldRules: { titlee: {} },
    statusFlow: [{ status: 'A', allowedTransitions: ['B'], isInitial: true }],
  }
  const { de, en } = await both('POST', '/api/tasker/profiles', profile)
  const said = (body: Record<string, unknown>) => (body.errors as { detail: string }[]).map(({ detail }) => detail)
  expect(said(de)[0]).toBe(
    'Ein Feld „titlee“ gibt es nicht; berichtigen Sie den Namen oder fügen Sie es customFields hinzu. Meinten Sie „title“?',
  )
  expect(said(en)[0]).toBe('There is no field “titlee”; correct the name or add it to customFields. Did you mean “title”?')
  expect(de.message).toMatch(/ \(insgesamt \d+ Probleme\)$/)
})

test('agents are answered in English, whatever their client sends', async () => {
  const task = await incident()
  const url = await product.app.listen({ port: 0, host: '127.0.0.1' })
  const client = new Client({ name: 'languages', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers: german } }))
  const answer = await client.callTool({ name: 'update_tasker_task', arguments: { task_id: task.id, status: 'Resolved' } })
  expect((answer.content as { text: string }[])[0]!.text).toContain('New cannot go straight to Resolved')
  await client.close()
})
