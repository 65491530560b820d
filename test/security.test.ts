/** The security register and compliance scans through the real thing: REST, the job, the database. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Compliance, RecordRow, Scan, SecurityRecord } from '../modules/security/contract.ts'
import { complianceOfClients } from '../modules/security/operations.ts'
import { checksum } from './fixture.ts'
import { fileForm, type TestOrganization, type TestProduct, testProduct } from './product.ts'
import { type Control, nativeScan, prowlerFinding, scanning, scubaResults, utf16 } from './scanning.ts'

let product: TestProduct
let organization: TestOrganization
let scans: ReturnType<typeof scanning>

beforeAll(async () => {
  product = await testProduct()
  scans = scanning(product)
})
beforeEach(async () => {
  organization = await product.given.organization()
})
afterAll(() => product?.stop())

const call = (method: string, path: string, body?: unknown, role: 'OrgAdmin' | 'Auditor' | 'Viewer' = 'Auditor', headers = {}) =>
  product.request(method, `/api${path}`, { 'x-api-key': organization.keys[role], ...headers }, body)
const make = async (input: object) => {
  const answer = await call('POST', '/security/records', input)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body as unknown as SecurityRecord
}
const records = async (query = '') => (await scans.get<{ items: RecordRow[] }>(organization, `/records${query}`)).items
const rules = (openTasks: boolean) => call('PUT', '/security/settings', { staleAfterDays: 7, openTasks }, 'OrgAdmin')
const week = (n: number) => new Date(Date.UTC(2026, 0, 1 + 7 * n)).toISOString()
const weekly = (n: number, controls: Control[]) => scans.scan(organization, nativeScan(controls, { scannedAt: week(n) }))
const tasks = async (query = '') =>
  (await call('GET', `/tasker/tasks?limit=200${query}`)).body.items as {
    id: string
    key: string
    title: string
    priority: string
  }[]

describe('records', () => {
  test('have the fields of their type, a reference of their own, and a version', async () => {
    const risk = await make({
      type: 'risk',
      title: 'Ransomware',
      likelihood: 3,
      impact: 5,
      treatment: 'mitigate',
      reviewDate: '2026-06-01',
    })
    expect(risk).toMatchObject({ reference: 'RISK-1', status: 'open', score: 15, version: 1, openTasks: 0, severity: null })
    expect(await make({ type: 'risk', title: 'Second' })).toMatchObject({ reference: 'RISK-2', score: null })
    expect(await make({ type: 'control', title: 'MFA', framework: 'CIS', controlId: '1.1.1' })).toMatchObject({
      reference: 'CTL-1',
      severity: 'unrated',
      result: null,
    })
    const found = await call('GET', '/security/records/risk-1')
    expect(found.body).toMatchObject({ id: risk.id, title: 'Ransomware' })
  })

  test.each([
    [{ type: 'risk', title: 'x', auditor: 'Ann' }, '#/auditor'],
    [{ type: 'risk', title: 'x', status: 'approved' }, '#/status'],
    [{ type: 'audit', title: 'x', startDate: '2026-02-01', endDate: '2026-01-01' }, '#/endDate'],
    [{ type: 'control', title: 'x', source: 'Prowler' }, '#/controlId'],
    [{ type: 'risk', title: 'x', likelihood: 6 }, '#/likelihood'],
    [{ type: 'vendor', title: 'x', url: 'javascript:alert(1)' }, '#/url'],
    [{ type: 'vendor', title: 'x', contractEnd: '2026-02-30' }, '#/contractEnd'],
  ])('%j is refused at %s', async (input, pointer) => {
    const { status, body } = await call('POST', '/security/records', input)
    expect([status, body.errors]).toEqual([422, [expect.objectContaining({ pointer })]])
  })

  test('an edit based on an older version is answered with both values', async () => {
    const { id } = await make({ type: 'policy', title: 'Passwords' })
    const first = await call('PATCH', `/security/records/${id}`, { status: 'in-review' }, 'Auditor', { 'if-match': '"1"' })
    expect([first.status, first.headers.etag]).toEqual([200, '"2"'])
    const second = await call('PATCH', `/security/records/${id}`, { status: 'approved' }, 'Auditor', { 'if-match': '"1"' })
    expect(second.body).toMatchObject({ error: 'STALE', current: { status: 'in-review' }, yours: { status: 'approved' } })
    const same = await call('PATCH', `/security/records/${id}`, { status: 'in-review' })
    expect(same.body).toMatchObject({ version: 2 })
    const { body } = await call('GET', `/security/records/${id}/activity`)
    expect((body.items as { action: string }[]).map(({ action }) => action)).toEqual([
      'security.record-updated',
      'security.record-created',
    ])
  })

  test('lists page by key in every order and find by words, reference and filter', async () => {
    for (let n = 1; n <= 7; n += 1)
      await make({
        type: 'vendor',
        title: `Vendor ${n}`,
        criticality: n % 2 ? 'critical' : 'low',
        ...(n < 4 && { reviewDate: `2026-01-0${n}` }),
      })
    for (const sort of ['-updatedAt', 'number', '-rank', 'reviewDate']) {
      const seen: string[] = []
      let after = ''
      do {
        const page = await scans.get<{ items: RecordRow[]; next: string | null }>(
          organization,
          `/records?type=vendor&limit=2&sort=${sort}${after && `&after=${after}`}`,
        )
        seen.push(...page.items.map(({ reference }) => reference))
        after = page.next ?? ''
      } while (after)
      expect([sort, new Set(seen).size, seen.length]).toEqual([sort, 7, 7])
    }
    expect((await records('?type=vendor&sort=-rank'))[0]).toMatchObject({ criticality: 'critical' })
    expect(await records('?q=VEN-3')).toMatchObject([{ title: 'Vendor 3' }])
    expect(await records('?q=vendor%205')).toMatchObject([{ reference: 'VEN-5' }])
    expect(await records('?q=%25')).toEqual([])
    expect(await records('?reviewDue=true')).toHaveLength(3)
  })

  test('an archived record leaves the list, is not changed, and comes back', async () => {
    const { id } = await make({ type: 'wiki', title: 'How to' })
    expect((await call('DELETE', `/security/records/${id}`)).status).toBe(403)
    expect((await call('DELETE', `/security/records/${id}`, undefined, 'OrgAdmin')).body).toMatchObject({
      archivedAt: expect.any(String),
    })
    expect(await records()).toEqual([])
    expect((await call('PATCH', `/security/records/${id}`, { title: 'y' })).body.error).toBe('RECORD_ARCHIVED')
    expect(await records('?archived=true')).toHaveLength(1)
    await call('POST', `/security/records/${id}/restore`, {}, 'OrgAdmin')
    expect(await records()).toHaveLength(1)
  })

  test('the export is the list as CSV, safe in a spreadsheet', async () => {
    await make({ type: 'risk', title: '=cmd()', likelihood: 2, impact: 2 })
    const { text, headers } = await call('GET', '/security/records/export.csv?type=risk', undefined, 'Viewer')
    expect(headers['content-type']).toContain('text/csv')
    expect(text).toMatch(/^\ufeffreference,id,type/)
    expect(text).toContain('RISK-1,')
    expect(text).toContain("'=cmd()")
  })
})

describe('tasks and records', () => {
  test('a task links only to a record there is, and the record counts its open tasks', async () => {
    const risk = await make({ type: 'risk', title: 'Ransomware' })
    const link = (linkedTaterEntityId: string, linkedTaterEntityType = 'risk') =>
      call('POST', '/tasker/tasks', { title: 'Look at it', category: 'IT', linkedTaterEntityType, linkedTaterEntityId })
    expect((await link(risk.id)).status).toBe(201)
    for (const [id, type, said] of [
      ['R-1', 'risk', 'no risk "R-1"'],
      [risk.id, 'vendor', 'no vendor'],
      ['RISK-1', 'risk', risk.id],
    ] as const) {
      const { status, body } = await link(id, type)
      expect([status, body.errors]).toEqual([422, [{ pointer: '#/linkedTaterEntityId', detail: expect.stringContaining(said) }]])
    }
    expect((await link('any item', 'service-catalog')).status).toBe(201)
    expect((await call('GET', `/security/records/${risk.id}`)).body).toMatchObject({ openTasks: 1 })
    const [task] = await tasks(`&linkedTaterEntityType=risk&linkedTaterEntityId=${risk.id}`)
    const moved = await call('PATCH', `/tasker/tasks/${task!.id}`, { linkedTaterEntityId: 'RISK-9' })
    expect([moved.status, moved.body.message]).toEqual([422, expect.stringContaining('linkedTaterEntityId')])
    await call('PATCH', `/tasker/tasks/${task!.id}`, { status: 'Cancelled' })
    expect(await records('?type=risk')).toMatchObject([{ openTasks: 0 }])
  })
})

describe('scans', () => {
  test('are counted from their rows, by control, whatever their head says', async () => {
    const controls = ['pass', 'Fail', 'ERROR', 'manual', 'skipped', 'N/A'].map((result, n) => ({
      id: `1.${n}`,
      result,
      severity: 'High',
    }))
    const body = nativeScan([...controls, { id: '2', result: 'fail' }], {
      scannedAt: week(1),
      score: 100,
      passed: 50,
      summary: { failed: 0 },
    })
    expect(await scans.scan(organization, body)).toMatchObject({
      status: 'finished',
      source: 'CIS Microsoft 365',
      totalRows: 7,
      passed: 1,
      failed: 2,
      errors: 1,
      manual: 1,
      skipped: 1,
      notApplicable: 1,
      criticalFailing: 0,
      highFailing: 1,
      score: 33,
    })
    expect(await records('?type=control&sort=-rank')).toMatchObject([
      { controlId: '1.1', severity: 'high', result: 'fail', source: 'CIS Microsoft 365' },
      { controlId: '2', severity: 'unrated', result: 'fail' },
    ])
  })

  test('a scan in which nothing was rated has no score', async () => {
    expect(await weekly(1, [{ id: '1', result: 'manual' }])).toMatchObject({ score: null, status: 'finished' })
    const { compliance } = await scans.get<{ compliance: Compliance }>(organization, '/overview')
    expect(compliance).toMatchObject({ score: null, sources: 1, scanStatus: 'stale' })
  })

  test('Prowler: a control passes only when no resource fails; what was muted is skipped', async () => {
    const findings = [
      prowlerFinding({ id: 'mfa', result: 'PASS', severity: 'Critical', resource: 'a' }),
      prowlerFinding({ id: 'mfa', result: 'FAIL', severity: 'Critical', resource: 'b' }),
      prowlerFinding({ id: 'logs', result: 'FAIL', severity: 'High' }, { status: 'Suppressed' }),
      prowlerFinding({ id: 'keys', result: 'PASS' }),
      prowlerFinding({ id: 'hand', result: 'MANUAL' }),
    ]
    const expected = {
      format: 'ocsf',
      source: 'Prowler aws 123456789012',
      totalRows: 5,
      passed: 1,
      failed: 1,
      manual: 1,
      skipped: 1,
      criticalFailing: 1,
    }
    expect(await scans.scan(organization, JSON.stringify(findings, null, 2))).toMatchObject({
      ...expected,
      scannedAt: '2026-02-14T14:27:30.710Z',
    })
    const lines = findings.map((finding) =>
      JSON.stringify({ ...finding, finding_info: { ...finding.finding_info, created_time_dt: '2026-02-21T00:00:00Z' } }),
    )
    expect(await scans.scan(organization, `${lines.join('\n')}\n`)).toMatchObject(expected)
    const [record] = await records('?type=control')
    expect(record).toMatchObject({ controlId: 'mfa', framework: 'CIS-3.0 1.5' })
    const history = await scans.get<{ items: unknown[]; failing: unknown[] }>(organization, `/records/${record!.id}/history`)
    expect(history).toMatchObject({ items: [{ result: 'fail', rows: 2, failedRows: 1 }, {}], failing: [{ resource: 'b' }] })
  })

  test('ScubaGear as JSON, and as the CSV PowerShell writes: UTF-16 with a mark', async () => {
    const controls = [
      { id: 'MS.AAD.1.1v1', result: 'Pass' },
      { id: 'MS.AAD.2.1v1', result: 'Fail' },
      { id: 'MS.AAD.2.2v1', result: 'N/A', criticality: 'Should/Not-Implemented' },
      { id: 'MS.AAD.3.7v1', result: 'Warning', criticality: 'Should' },
      { id: 'MS.AAD.3.8v1', result: 'Error' },
      { id: 'MS.AAD.3.9v1', result: 'Omitted' },
    ]
    const expected = {
      format: 'scubagear',
      passed: 1,
      failed: 2,
      manual: 1,
      errors: 1,
      skipped: 1,
      score: 33,
      criticalFailing: 0,
    }
    const json = JSON.stringify(scubaResults(controls), null, 4)
    expect(await scans.scan(organization, Buffer.from(`\ufeff${json}`))).toMatchObject({
      ...expected,
      source: 'ScubaGear harbour.onmicrosoft.com',
      scannedAt: '2026-02-18T15:40:27.138Z',
      totalRows: 6,
    })
    const csv = [
      '"Control ID","Requirement","Result","Criticality","Details"',
      ...controls.map(
        ({ id, result, criticality = 'Shall' }) => `"${id}","Required","${result}","${criticality}","It is ""so"""`,
      ),
    ].join('\r\n')
    expect(await scans.scan(organization, utf16(csv), '?source=Scuba%20CSV')).toMatchObject({ ...expected, source: 'Scuba CSV' })
  })

  test('the same scan again is recognised and changes nothing, also when two come at once', async () => {
    const body = nativeScan([{ id: '1', result: 'fail', severity: 'High' }], { scannedAt: week(1), scanId: 'run-7' })
    const first = await scans.scan(organization, body)
    const before = await checksum(product, organization.id)
    const again = await scans.send(organization, body)
    expect([again.status, again.body.status, again.body.duplicateOf]).toEqual([200, 'duplicate', first.id])
    const other = await scans.send(
      organization,
      nativeScan([{ id: '1', result: 'pass' }], { scannedAt: week(9), scanId: 'run-7' }),
    )
    expect(other.body).toMatchObject({ status: 'duplicate', duplicateOf: first.id })
    const after = await checksum(product, organization.id)
    for (const table of ['security_records', 'scan_rows', 'scan_controls', 'scan_summaries'])
      expect(after[`public."${table}"`]).toEqual(before[`public."${table}"`])
    const twins = await Promise.all(
      [1, 2, 3, 4].map(() => scans.send(organization, nativeScan([{ id: '2', result: 'fail' }], { scannedAt: week(2) }))),
    )
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201])
  })

  test('a scan of an older day counts as history and moves nothing else', async () => {
    await weekly(3, [{ id: '1', result: 'fail', severity: 'Critical' }])
    await weekly(1, [
      { id: '1', result: 'pass' },
      { id: '2', result: 'fail' },
    ])
    expect(await records('?type=control')).toMatchObject([{ controlId: '1', result: 'fail' }])
    const { sources } = await scans.get<{ sources: { scannedAt: string; trend: { score: number }[] }[] }>(
      organization,
      '/overview',
    )
    expect(sources).toMatchObject([{ scannedAt: week(3), trend: [{ score: 50 }, { score: 0 }] }])
  })

  test('says what changed since the scan before: newly failing, fixed, new and gone', async () => {
    await weekly(1, [
      { id: 'a', result: 'fail' },
      { id: 'b', result: 'pass' },
      { id: 'c', result: 'pass' },
    ])
    const second = await weekly(2, [
      { id: 'a', result: 'pass' },
      { id: 'b', result: 'fail', severity: 'High' },
      { id: 'd', result: 'pass' },
    ])
    const changes = await scans.get<{ items: { kind: string; controlId: string }[]; newlyFailing: number; fixed: number }>(
      organization,
      `/scans/${second.id}/changes`,
    )
    expect(changes).toMatchObject({ newlyFailing: 1, fixed: 1 })
    expect(changes.items.map(({ kind, controlId }) => `${controlId} ${kind}`).sort()).toEqual([
      'a fixed',
      'b newly-failing',
      'c gone',
      'd new',
    ])
    const failing = await scans.get<{ items: { controlId: string; record: { reference: string } }[] }>(
      organization,
      `/scans/${second.id}/controls?result=fail`,
    )
    expect(failing.items).toMatchObject([{ controlId: 'b', record: { reference: expect.stringMatching(/^CTL-/) } }])
    expect((await scans.get<{ items: unknown[] }>(organization, `/scans/${second.id}/rows?severity=high`)).items).toHaveLength(1)
  })

  test('pages of controls hold each control once', async () => {
    const controls = Array.from({ length: 25 }, (_, n) => ({ id: `c${n}`, result: 'pass', severity: n % 3 ? 'High' : 'Low' }))
    const scan = await weekly(1, controls)
    const seen: string[] = []
    for (let after = ''; ; ) {
      const page = await scans.get<{ items: { controlId: string }[]; next: string | null }>(
        organization,
        `/scans/${scan.id}/controls?limit=4${after}`,
      )
      seen.push(...page.items.map(({ controlId }) => controlId))
      if (!page.next) break
      after = `&after=${page.next}`
    }
    expect([seen.length, new Set(seen).size]).toEqual([25, 25])
  })

  test.each([
    ['text after the end', '{"source":"x","results":[{"controlId":"1","result":"pass"}]} nonsense', 1],
    ['cut off', '{"source":"x",\n"results":[{"controlId":"1","result":"pass"},\n{"controlId":"2","res', 3],
    [
      'an unknown result',
      '{"source":"x",\n"results":[\n{"controlId":"1","result":"pass"},\n{"controlId":"2","result":"maybe"}]}',
      4,
    ],
    ['no control id', '[{"result":"pass"}]', 1],
    ['no results', '{"source":"x","results":[]}', null],
    ['a comma too many', '{"source":"x","results":[{"controlId":"1","result":"pass",}]}', 1],
    ['HTML', '<html>Not found</html>', 1],
    ['an unclosed quote', 'Control,Result\n1,pass\n2,"fail\n', 3],
    ['a column missing', 'Name,Severity\nx,high\n', 1],
    ['bytes that are no text', Buffer.from([0x5b, 0x7b, 0x22, 0xff, 0xfe, 0x22]), 1],
    ['UTF-16 without a mark', Buffer.from('[{"controlId":"1","result":"pass"}]', 'utf16le'), 1],
    ['NDJSON cut off', `${JSON.stringify(prowlerFinding({ id: 'a', result: 'PASS' }))}\n{"class_uid":2004,"meta`, 2],
  ])('%s is refused with its place, and changes nothing', async (_what, body, line) => {
    const before = await checksum(product, organization.id)
    const { status, body: said } = await scans.send(organization, body as string)
    expect([status, said.error, said.line]).toEqual([422, 'SCAN_REFUSED', line])
    expect(await checksum(product, organization.id)).toEqual(before)
  })

  test('a file without a source is refused until it is named; a time in the future never', async () => {
    const csv = 'Control,Result\n1,pass\n'
    expect((await scans.send(organization, csv, { type: 'text/csv' })).body).toMatchObject({
      error: 'SCAN_REFUSED',
      message: expect.stringContaining('source'),
    })
    const form = fileForm('cis.csv', csv, { source: 'CIS', scannedAt: '2026-01-01T00:00:00Z' })
    const upload = await product.request(
      'POST',
      '/api/security/scans',
      { 'x-api-key': organization.keys.OrgAdmin, ...form.headers },
      form.payload,
    )
    expect(await scans.settled(organization, String(upload.body.id))).toMatchObject({
      status: 'finished',
      source: 'CIS',
      fileName: 'cis.csv',
    })
    const future = await scans.send(
      organization,
      nativeScan([{ id: '1', result: 'pass' }], { scannedAt: '2999-01-01T00:00:00Z' }),
    )
    expect(future.body.message).toContain('future')
    expect((await scans.send(organization, csv, { query: '?souce=x' })).body.message).toContain('souce')
  })

  test('a provider reads many organizations at once, and a stale one is told', async () => {
    await weekly(1, [
      { id: '1', result: 'fail', severity: 'Critical' },
      { id: '2', result: 'pass' },
    ])
    const other = await product.given.organization()
    await scans.scan(other, nativeScan([{ id: '1', result: 'pass' }], { scannedAt: new Date().toISOString() }))
    const third = await product.given.organization()
    for (const client of [organization, other])
      await product.asOwner(
        "insert into provider_relations (organization_id, provider_id, tier, created_by) values ($1, $2, 'T1', 'test')",
        [client.id, third.id],
      )
    const stranger = await product.given.organization()
    await scans.scan(stranger, nativeScan([{ id: '1', result: 'pass' }], { scannedAt: new Date().toISOString() }))
    const scope = { organizationId: third.id, userId: null }
    const ids = [organization.id, other.id, stranger.id]
    const found = await product.database.inTransaction(scope, 'read only', (db) =>
      complianceOfClients({ db, now: new Date() }, ids),
    )
    expect(ids.map((id) => found.get(id))).toMatchObject([
      { score: 50, scanStatus: 'stale', criticalFailing: 1, sources: 1 },
      { score: 100, scanStatus: 'current', criticalFailing: 0 },
      { score: null, scanStatus: 'never', lastScanAt: null },
    ])
  })
})

describe('the rule for failing controls', () => {
  const failing = [
    { id: 'a', result: 'fail', severity: 'Critical' },
    { id: 'b', result: 'fail', severity: 'High' },
    { id: 'c', result: 'fail', severity: 'Medium' },
  ]

  test('opens exactly one task for each Critical or High control that newly fails, and tells it when it passes', async () => {
    await rules(true)
    await weekly(1, failing)
    const opened = await tasks()
    expect(opened.map(({ title, priority }) => `${title} ${priority}`).sort()).toEqual([
      'a fails: Control a Critical',
      'b fails: Control b High',
    ])
    await weekly(2, failing)
    expect(await tasks()).toHaveLength(2)
    await weekly(3, [{ id: 'a', result: 'pass', severity: 'Critical' }, ...failing.slice(1)])
    await weekly(4, failing)
    expect(await tasks()).toHaveLength(2)
    const [a] = await records('?type=control&q=Control%20a')
    expect(a).toMatchObject({ openTasks: 1, taskId: expect.any(String) })
    const { body } = await call('GET', `/tasker/tasks/${a!.taskId}/comments`)
    expect(
      (body.items as { body: string; visibility: string }[]).map(({ body, visibility }) => [visibility, body.slice(0, 14)]),
    ).toEqual([
      ['internal', 'a passes again'],
      ['internal', 'a fails again '],
    ])
    const said = await call('GET', `/security/records/${a!.id}/activity`)
    expect((said.body.items as { action: string }[]).map(({ action }) => action)).toContain('security.task-opened')
  })

  test('a control that fails again after its task was closed gets a new one', async () => {
    await rules(true)
    await weekly(1, failing.slice(0, 1))
    const [task] = await tasks()
    await weekly(2, [{ id: 'a', result: 'pass', severity: 'Critical' }])
    await call('PATCH', `/tasker/tasks/${task!.id}`, { status: 'Cancelled' })
    await weekly(3, failing.slice(0, 1))
    expect(await tasks()).toHaveLength(2)
  })

  test('is off until somebody sets it, and an archived control comes back when it newly fails', async () => {
    await weekly(1, failing)
    expect(await tasks()).toEqual([])
    const [a] = await records('?q=Control%20a')
    await call('DELETE', `/security/records/${a!.id}`, undefined, 'OrgAdmin')
    await weekly(2, failing)
    expect(await records('?q=Control%20a')).toEqual([])
    await weekly(3, [{ id: 'a', result: 'pass' }])
    await weekly(4, failing)
    expect(await records('?q=Control%20a')).toMatchObject([{ id: a!.id, result: 'fail' }])
  })
})

describe('a large file', () => {
  test('is read by the job, and a wrong one leaves nothing but its reason', async () => {
    const rows = Array.from(
      { length: 60_000 },
      (_, n) => `${n % 500},Control ${n % 500},High,${n % 7 ? 'pass' : 'fail'},host-${n},${'x'.repeat(280)}`,
    )
    const head = 'Control,Title,Severity,Result,Resource,Detail'
    const body = Buffer.from(`${head}\n${rows.join('\n')}\n`)
    const good = await scans.send(organization, body, { query: '?source=Large', type: 'text/csv' })
    expect([good.status, good.body.totalRows]).toEqual([201, null])
    expect(await scans.settled(organization, String(good.body.id), 120)).toMatchObject({
      status: 'finished',
      totalRows: 60_000,
      doneRows: 60_000,
      failed: 500,
    })
    expect(await records('?type=control&limit=200')).toHaveLength(200)
    const before = await checksum(product, organization.id)
    const bad = await scans.send(organization, Buffer.concat([body, Buffer.from('501,x,High,perhaps,y,z\n')]), {
      query: '?source=Bad',
      type: 'text/csv',
    })
    const failed: Scan = await scans.settled(organization, String(bad.body.id), 120)
    expect(failed).toMatchObject({ status: 'failed', problems: [{ line: 60_002 }], doneRows: 0 })
    const after = await checksum(product, organization.id)
    for (const table of ['security_records', 'scan_rows', 'scan_controls', 'scan_summaries'])
      expect(after[`public."${table}"`]).toEqual(before[`public."${table}"`])
  })
})
