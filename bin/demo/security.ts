/** A register and six weeks of compliance scans for each organization of the demo. */
import { createHash } from 'node:crypto'
import * as identity from '../../modules/identity/operations.ts'
import type { NewRecord, Severity } from '../../modules/security/contract.ts'
import type { FoundRow } from '../../modules/security/formats.ts'
import * as security from '../../modules/security/operations.ts'
import * as steps from '../../modules/security/steps.ts'
import type { Caller } from '../../platform/context.ts'
import type { Execute } from '../../platform/execute.ts'
import { v7 } from '../../platform/ids.ts'

const day = 86_400_000

/** Id, title, severity, and in how many of the six weekly scans it fails, from the first on. */
type Control = [id: string, title: string, severity: Severity, failsUntil: number]

const microsoft: Control[] = [
  ['1.1.1', 'Administrative accounts are cloud-only', 'high', 2],
  ['1.1.3', 'Between two and four global administrators are designated', 'high', 6],
  ['1.2.1', 'Only managed public groups exist', 'medium', 3],
  ['1.3.1', 'Passwords do not expire', 'low', 0],
  ['2.1.1', 'Safe Links for Office applications is on', 'high', 4],
  ['2.1.6', 'Exchange Online spam policies notify administrators', 'low', 6],
  ['2.1.9', 'DKIM is enabled for all mail domains', 'medium', 1],
  ['2.1.10', 'The DMARC record is published for all mail domains', 'medium', 5],
  ['3.1.1', 'Audit log search is on', 'critical', 1],
  ['5.2.2.1', 'Multifactor authentication is enabled for all administrators', 'critical', 3],
  ['5.2.2.3', 'Legacy authentication is blocked', 'critical', 6],
  ['5.2.3.1', 'Microsoft Authenticator is protected against MFA fatigue', 'medium', 0],
  ['6.1.1', 'Mailbox auditing is not disabled', 'high', 0],
  ['6.5.1', 'Modern authentication for Exchange Online is on', 'high', 0],
  ['7.2.1', 'Modern authentication for SharePoint is required', 'medium', 2],
  ['8.1.1', 'External file sharing in Teams is limited to approved storage', 'low', 6],
]
const cloud: Control[] = [
  ['iam_root_hardware_mfa_enabled', 'The root account has hardware MFA', 'critical', 4],
  ['iam_user_mfa_enabled_console_access', 'Users with a console password have MFA', 'high', 6],
  ['s3_bucket_public_access', 'Buckets are not open to the public', 'critical', 2],
  ['s3_bucket_default_encryption', 'Buckets are encrypted by default', 'medium', 0],
  [
    'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389',
    'No security group lets RDP in from the internet',
    'high',
    5,
  ],
  ['rds_instance_backup_enabled', 'Database instances are backed up', 'medium', 3],
  ['cloudtrail_multi_region_enabled', 'CloudTrail records every region', 'high', 0],
  ['guardduty_is_enabled', 'GuardDuty is on', 'medium', 1],
]

type Given = Partial<NewRecord> & Pick<NewRecord, 'type' | 'title'>

const records = (owner: string, dayFrom: (days: number) => string): Given[] => [
  {
    type: 'risk',
    title: 'Ransomware on the file servers',
    likelihood: 3,
    impact: 5,
    treatment: 'mitigate',
    status: 'treating',
    ownerEmail: owner,
    reviewDate: dayFrom(20),
    description: 'Offline copies are **weekly**; the restore was last tried in spring.',
  },
  {
    type: 'risk',
    title: 'A former employee keeps access',
    likelihood: 2,
    impact: 4,
    treatment: 'mitigate',
    ownerEmail: owner,
    reviewDate: dayFrom(-4),
  },
  {
    type: 'risk',
    title: 'The only network engineer leaves',
    likelihood: 3,
    impact: 3,
    treatment: 'accept',
    status: 'accepted',
    reviewDate: dayFrom(120),
  },
  {
    type: 'audit',
    title: 'ISO 27001 surveillance audit',
    status: 'in-progress',
    scope: 'Annex A.5 to A.8, head office',
    startDate: dayFrom(-9),
    endDate: dayFrom(12),
    auditor: 'Kestrel Certification',
    findings: '1. Access reviews have no written result.\n2. Two vendors lack an agreement on data processing.',
  },
  {
    type: 'vendor',
    title: 'Blue Harbour Hosting',
    criticality: 'critical',
    contactName: 'Iris Weber',
    contactEmail: 'iris@blueharbour.example',
    contractEnd: dayFrom(75),
    url: 'https://blueharbour.example',
    ownerEmail: owner,
  },
  { type: 'vendor', title: 'Quill Payroll', criticality: 'high', contractEnd: dayFrom(300), status: 'onboarding' },
  {
    type: 'policy',
    title: 'Access control',
    edition: '2.1',
    status: 'approved',
    approvedBy: 'Management board',
    approvedOn: dayFrom(-200),
    reviewDate: dayFrom(-2),
    description: 'Who gets access to what, who approves it, and when it is looked at again.',
  },
  { type: 'policy', title: 'Acceptable use', edition: '1.4', status: 'in-review' },
  {
    type: 'wiki',
    title: 'How we answer a security questionnaire',
    description:
      '1. Ask for the deadline.\n2. Copy the answers of last year.\n3. Let the owner of each control look at its answer.',
  },
  {
    type: 'config-doc',
    title: 'Conditional access, as it should be',
    system: 'Microsoft Entra ID',
    description: 'Block legacy authentication; require MFA for every administrator.',
  },
]

type Clock = { at: Date }

/** @param index the how many-th organization: each stands a little differently, and one has not been scanned for a while */
export async function fillRegister(execute: Execute, clock: Clock, id: string, owner: string, index: number) {
  const caller = identity.systemCaller(id)
  const now = Date.now()
  clock.at = new Date(now - 44 * day)
  const dayFrom = (days: number) => new Date(now + days * day).toISOString().slice(0, 10)
  for (const record of records(owner, dayFrom)) await execute(security.create, caller, record)
  const age = index === 2 ? 13 : 1 // days since the last scan
  for (let week = 0; week < 6; week += 1) {
    clock.at = new Date(now - (age + 7 * (5 - week)) * day - 3_600_000 * index)
    // The rule comes late, so that only what newly fails opens a task.
    if (week === 5) await execute(security.saveSettings, caller, { staleAfterDays: 7, openTasks: index === 3 })
    await scan(execute, caller, clock, 'CIS Microsoft 365', controlsAt(microsoft, week, index))
    if (index !== 0)
      await scan(execute, caller, clock, `Prowler aws 12345678${String(9000 + index)}`, controlsAt(cloud, week, index + 1))
  }
}

/** The rows of a week's scan; a control that was mended may fail again in the last one. */
function controlsAt(controls: Control[], week: number, shift: number): FoundRow[] {
  return controls.flatMap(([controlId, title, severity, failsUntil], at) => {
    const again = week === 5 && (at + shift) % 7 === 0
    const fails = again || week < failsUntil - ((at + shift) % 3 === 0 ? 1 : 0)
    const resources = 1 + ((at * 5 + shift) % 4)
    return Array.from({ length: resources }, (_, n): FoundRow => {
      const failing = fails && n === 0
      const byHand = !fails && (at + shift) % 11 === 5
      return {
        controlId,
        title,
        framework: controls === cloud ? 'CIS-3.0' : 'CIS Microsoft 365 4.0',
        severity,
        result: failing ? 'fail' : byHand ? 'manual' : 'pass',
        resource: controls === cloud ? `arn:aws:::demo/${controlId}/${n + 1}` : `tenant/${n + 1}`,
        detail: failing ? 'The setting is not as the benchmark asks.' : '',
      }
    })
  })
}

async function scan(execute: Execute, caller: Caller, clock: Clock, source: string, rows: FoundRow[]) {
  const id = v7()
  const scannedAt = clock.at.toISOString()
  const content = JSON.stringify({ source, scannedAt, rows })
  await execute(security.upload, caller, {
    id,
    fileName: `${source.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${scannedAt.slice(0, 10)}.json`,
    fileSize: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    checked: { format: source.startsWith('Prowler') ? 'ocsf' : 'json', rows: rows.length, source, scanId: null, scannedAt },
  })
  await execute(steps.begin, caller, { scanId: id })
  await execute(steps.bring, caller, { scanId: id, from: 0, rows })
  await execute(steps.finish, caller, { scanId: id })
  await execute(steps.followUp, caller, {})
}
