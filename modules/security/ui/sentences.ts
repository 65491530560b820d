import { catalogue, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import type { SecurityEvents } from '../contract.ts'

const words = catalogue('security/sentences', {
  created: params('added {reference} “{title}” to the register'),
  updated: params('changed {reference}'),
  archived: params('archived {reference} “{title}”'),
  restored: params('restored {reference} “{title}”'),
  exported: 'exported the security register',
  settings: 'changed the rules for compliance scans',
  opened: params('opened {key}, because {controlId} fails ({reference})'),
  toldFail: params('noted on the task of {reference} that {controlId} fails again'),
  toldPass: params('noted on the task of {reference} that {controlId} passes again'),
  refused: params('could not open a task for {reference}: {reason}'),
  received: params('sent the scan {fileName}'),
  recognised: params('sent {fileName} again, a scan of {source} that was there already; nothing changed'),
  finished: params('brought in a scan of {source}: {passed} pass, {failed} fail, {newlyFailing} newly, {fixed} fixed'),
  failed: params('could not bring in the scan {fileName}: {error}'),
})

/** Everything that can happen to the register, said of who did it. */
export const securitySentences: Sentences<SecurityEvents> = {
  'security.record-created': words.created,
  'security.record-updated': words.updated,
  'security.record-archived': words.archived,
  'security.record-restored': words.restored,
  'security.records-exported': () => words.exported,
  'security.settings-saved': () => words.settings,
  'security.task-opened': words.opened,
  'security.task-told': (told) => (told.result === 'pass' ? words.toldPass : words.toldFail)(told),
  'security.task-refused': words.refused,
  'scan.received': words.received,
  'scan.recognised': words.recognised,
  'scan.finished': words.finished,
  'scan.failed': words.failed,
}
