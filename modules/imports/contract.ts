/** Bringing tickets in from elsewhere. Safe to import in the browser. */
import { z } from 'zod'

export const importKinds = ['csv', 'servicenow'] as const
export const Import = z.object({
  id: z.string(),
  kind: z.enum(importKinds),
  fileName: z.string(),
  fileSize: z.number().int(),
  profileId: z.string().nullable(),
  mapping: z.record(z.string(), z.string()).describe('Column of the file to field of the task'),
  status: z.enum(['uploaded', 'queued', 'running', 'finished', 'failed', 'cancelled']),
  totalRows: z.number().int().nullable(),
  doneRows: z.number().int(),
  createdCount: z.number().int(),
  unchangedCount: z.number().int(),
  failedCount: z.number().int(),
  error: z.string().nullable(),
  createdAt: z.string(),
  createdBy: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
})
export type Import = z.output<typeof Import>

export const ImportError = z.object({ line: z.number().int(), message: z.string() })

export const ImportPermissions = { 'imports.run': 'Import tickets' }

export type ImportEvents = {
  'import.uploaded': { fileName: string; kind: string; size: number }
  'import.started': { fileName: string }
  'import.finished': { fileName: string; created: number; unchanged: number; failed: number }
  'import.failed': { fileName: string; error: string }
  'import.cancelled': { fileName: string }
}
