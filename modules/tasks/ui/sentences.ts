import type { Sentences } from '../../../platform/react/sentences.ts'
import type { TaskEvents } from '../contract.ts'

/** Everything that can happen to a task, said of who did it. */
export const taskSentences: Sentences<TaskEvents> = {
  'task.created': ({ title }) => `created the task “${title}”`,
  'task.updated': ({ after }) => `changed ${Object.keys(after).length === 1 ? 'a field' : 'fields'}`,
  'task.moved': ({ from, to, outsideProcess }) =>
    `moved it from ${from} to ${to}${outsideProcess ? ', outside the process' : ''}`,
  'task.linked': ({ key, type, target }) => `linked ${key} to ${target} (${type})`,
  'task.unlinked': ({ key, type, target }) => `removed the link from ${key} to ${target} (${type})`,
  'task.watched': ({ added, removed }) =>
    [added.length > 0 && `added ${added.join(', ')} as watcher`, removed.length > 0 && `removed ${removed.join(', ')} as watcher`]
      .filter(Boolean)
      .join(' and '),
  'task.merged': ({ into }) => `merged it into ${into}`,
  'task.received-merge': ({ from }) => `merged ${from} into it`,
  'task.split': ({ into }) => `split off ${into}`,
  'task.deleted': ({ title }) => `deleted the task “${title}”`,
  'task.restored': ({ title }) => `restored the task “${title}”`,
  'task.exported': ({ format }) => `exported tasks as ${format}`,
  'task.migrated': ({ fromVersion, toVersion }) =>
    `brought it from version ${fromVersion} of its profile to version ${toVersion}`,
  'view.saved': ({ name, scope }) => `saved the view “${name}” (${scope})`,
  'view.deleted': ({ name }) => `deleted the view “${name}”`,
}
