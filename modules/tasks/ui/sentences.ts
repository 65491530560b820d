import { catalogue, count, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { listed } from '../../../platform/react/words.ts'
import type { TaskEvents } from '../contract.ts'
import { text } from './text.ts'

const words = catalogue('tasks/sentences', {
  created: params('created the task “{title}”'),
  updated: count({ one: 'changed a field', other: 'changed fields' }),
  moved: params('moved it from {from} to {to}'),
  movedOutside: params('moved it from {from} to {to}, outside the process'),
  linked: params('linked {key} to {target} ({type})'),
  unlinked: params('removed the link from {key} to {target} ({type})'),
  watched: params('added {added} as watcher'),
  unwatched: params('removed {removed} as watcher'),
  watchersChanged: params('added {added} as watcher and removed {removed} as watcher'),
  merged: params('merged it into {into}'),
  receivedMerge: params('merged {from} into it'),
  split: params('split off {into}'),
  deleted: params('deleted the task “{title}”'),
  restored: params('restored the task “{title}”'),
  exported: params('exported tasks as {format}'),
  migrated: params('brought it from version {fromVersion} of its profile to version {toVersion}'),
  viewSaved: params('saved the view “{name}” ({scope})'),
  viewDeleted: params('deleted the view “{name}”'),
})

const linkName = (type: string) => (text.task.outward as Record<string, string>)[type] ?? type

/** Everything that can happen to a task, said of who did it. */
export const taskSentences: Sentences<TaskEvents> = {
  'task.created': words.created,
  'task.updated': ({ after }) => words.updated(Object.keys(after).length),
  'task.moved': ({ from, to, outsideProcess }) =>
    (outsideProcess ? words.movedOutside : words.moved)({ from: wordOf(from), to: wordOf(to) }),
  'task.linked': ({ key, type, target }) => words.linked({ key, target, type: linkName(type) }),
  'task.unlinked': ({ key, type, target }) => words.unlinked({ key, target, type: linkName(type) }),
  'task.watched': (change) => {
    const [added, removed] = [listed(change.added), listed(change.removed)]
    if (!added) return words.unwatched({ removed })
    return removed ? words.watchersChanged({ added, removed }) : words.watched({ added })
  },
  'task.merged': words.merged,
  'task.received-merge': words.receivedMerge,
  'task.split': words.split,
  'task.deleted': words.deleted,
  'task.restored': words.restored,
  'task.exported': words.exported,
  'task.migrated': words.migrated,
  'view.saved': ({ name, scope }) =>
    words.viewSaved({ name, scope: scope === 'private' ? text.views.private : text.views.organization }),
  'view.deleted': words.viewDeleted,
}
