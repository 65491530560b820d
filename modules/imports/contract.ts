/** Bringing tickets in from elsewhere. Safe to import in the browser. */
import { z } from 'zod'
import { text } from '../../platform/fields.ts'

export const importKinds = ['csv', 'servicenow'] as const
export const Import = z.object({
  id: z.string(),
  kind: z.enum(importKinds),
  fileName: z.string(),
  fileSize: z.number().int(),
  profileId: z.string().nullable(),
  mapping: z.record(z.string(), z.string()).describe('Column of the file to field of the task'),
  status: z.enum(['uploaded', 'queued', 'running', 'finished', 'failed', 'cancelled']),
  values: z.record(z.string(), z.record(z.string(), z.string())).describe('Words of the file to words of the task, by field'),
  totalRows: z
    .number()
    .int()
    .nullable()
    .describe('Rows of the file (incidents of a ServiceNow log); null until they are counted'),
  doneRows: z.number().int().describe('created + unchanged + failed'),
  createdCount: z.number().int(),
  unchangedCount: z.number().int(),
  failedCount: z.number().int(),
  noticeCount: z.number().int().describe('Rows that were brought in, but not whole; each has its notice among the errors'),
  error: z.string().nullable(),
  createdAt: z.string(),
  createdBy: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
})
export type Import = z.output<typeof Import>

export const ImportError = z.object({
  line: z.number().int(),
  message: z.string(),
  notice: z.boolean().describe('true: the row came in, but something was left out'),
})

/** Which column goes where: the file's column to the field, and the words of a field that mean something else here. */
export const Mapping = z.record(text(200), text(80)).describe('Column of the file to field of the task; "" leaves a column out')
export const ValueMap = z
  .record(text(80), z.record(text(300), text(300)))
  .describe('By field, a word of the file to the word to store; "" stands for an empty cell, "*" for any other word')

export const ImportPreview = z.object({
  columns: z.array(z.string()),
  suggestedMapping: z.record(z.string(), z.string()),
  fields: z
    .array(z.object({ field: z.string(), label: z.string(), required: z.boolean(), choices: z.array(z.string()).optional() }))
    .describe('What columns can be mapped to, under the profile'),
  rows: z
    .array(z.object({ line: z.number().int(), ok: z.boolean(), title: z.string(), message: z.string().nullable() }))
    .describe('The first 50 rows with the verdict the import would give'),
})
export type ImportPreview = z.output<typeof ImportPreview>

export const ImportPermissions = { 'imports.run': 'Import tickets' }

export type ImportEvents = {
  'import.uploaded': { fileName: string; kind: string; size: number }
  'import.started': { fileName: string }
  'import.finished': { fileName: string; created: number; unchanged: number; failed: number }
  'import.failed': { fileName: string; error: string }
  'import.cancelled': { fileName: string }
}
