/** Scans as scanners write them, in small; and the product with a scan's ways. */
import type { Scan } from '../modules/security/contract.ts'
import type { TestOrganization, TestProduct } from './product.ts'

export type Control = {
  id: string
  result: string
  severity?: string
  title?: string
  resource?: string
}

/** Our own JSON. */
export const nativeScan = (controls: Control[], head: Record<string, unknown> = {}) =>
  JSON.stringify({
    source: 'CIS Microsoft 365',
    ...head,
    results: controls.map(({ id, result, severity, title, resource }) => ({
      controlId: id,
      title: title ?? `Control ${id}`,
      result,
      severity,
      resource,
    })),
  })

/** A finding as Prowler 5 writes it: OCSF Detection Finding. */
export const prowlerFinding = (
  { id, result, severity = 'Medium', title, resource = 'arn:aws:iam::123456789012:root' }: Control,
  { at = '2026-02-14T14:27:30.710664', status = 'New', account = '123456789012' } = {},
) => ({
  message: `${id} is ${result}.`,
  metadata: {
    event_code: id,
    product: { name: 'Prowler', uid: 'prowler', vendor_name: 'Prowler', version: '5.4.0' },
    version: '1.4.0',
  },
  severity_id: { Informational: 1, Low: 2, Medium: 3, High: 4, Critical: 5 }[severity] ?? 0,
  severity,
  status,
  status_code: result,
  status_detail: `${id} is ${result}.`,
  status_id: status === 'Suppressed' ? 3 : 1,
  unmapped: { compliance: { 'ENS-RD2022': ['op.1'], 'CIS-3.0': ['1.5'], 'CIS-2.0': ['1.4'] } },
  finding_info: { created_time: 1771079250, created_time_dt: at, title: title ?? `Check ${id}`, uid: `prowler-aws-${id}` },
  resources: [{ region: 'eu-central-1', name: 'root', type: 'AwsIamUser', uid: resource, data: { details: '', metadata: {} } }],
  class_uid: 2004,
  class_name: 'Detection Finding',
  cloud: { account: { name: '', type: 'AWS Account', uid: account }, provider: 'aws', region: 'eu-central-1' },
  time_dt: at,
  type_uid: 200401,
})

/** A run of ScubaGear, with counts in its head that are wrong on purpose. */
export const scubaResults = (
  controls: { id: string; result: string; criticality?: string }[],
  uuid = 'a3f1c7a0-0000-4000-8000-000000000001',
) => ({
  MetaData: {
    TenantId: '00000000-0000-4000-8000-0000000000aa',
    DisplayName: 'Harbour',
    DomainName: 'harbour.onmicrosoft.com',
    Tool: 'ScubaGear',
    ToolVersion: '1.5.0',
    TimestampZulu: '2026-02-18T15:40:27.138Z',
    ReportUUID: uuid,
  },
  Summary: { AAD: { Failures: 0, Errors: 0, Passes: 99, Warnings: 0, Manual: 0 } },
  Results: {
    AAD: [
      {
        GroupName: 'Legacy Authentication',
        GroupNumber: '1',
        Controls: controls.map(({ id, result, criticality = 'Shall' }) => ({
          'Control ID': id,
          Requirement: `${id} is required.`,
          Result: result,
          Criticality: criticality,
          Details: 'Requirement met or not.',
        })),
      },
    ],
  },
  Raw: { settings: { deep: [{ Controls: [{ 'Control ID': 'not a control', Result: 'Fail' }] }] } },
})

export const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

export function scanning(product: TestProduct) {
  const send = (
    organization: TestOrganization,
    body: string | Buffer,
    { query = '', type = 'application/json', role = 'OrgAdmin' as 'OrgAdmin' | 'Auditor' | 'Viewer' } = {},
  ) =>
    product.request(
      'POST',
      `/api/security/scans${query}`,
      { 'x-api-key': organization.keys[role], 'content-type': type },
      body as unknown as object,
    )
  const get = async <T>(organization: TestOrganization, path: string): Promise<T> => {
    const answer = await product.request('GET', `/api/security${path}`, { 'x-api-key': organization.keys.OrgAdmin })
    if (answer.status !== 200) throw new Error(answer.text)
    return answer.body as T
  }
  const settled = async (organization: TestOrganization, id: string, seconds = 30): Promise<Scan> => {
    const until = Date.now() + seconds * 1000
    for (;;) {
      const scan = await get<Scan>(organization, `/scans/${id}`)
      const [{ waiting }] = (await product.asOwner(
        `select count(*)::int as waiting from pgboss.job where name = 'scans' and state in ('created', 'active', 'retry') and data->>'scanId' = $1`,
        [id],
      )) as [{ waiting: number }]
      if (!['queued', 'running'].includes(scan.status) && waiting === 0) return scan
      if (Date.now() > until) throw new Error(`The scan is still ${scan.status} (${scan.doneRows} of ${scan.totalRows})`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  return {
    send,
    get,
    settled,
    /** Sends a scan and waits until it is in, tasks included. */
    async scan(organization: TestOrganization, body: string | Buffer, query = ''): Promise<Scan> {
      const answer = await send(organization, body, { query })
      if (answer.status !== 201) throw new Error(answer.text)
      return settled(organization, String(answer.body.id))
    },
  }
}
