/** All that can be done with tasks, a line each; and what other modules may ask of tasks inside their own operations. */
export { createTask } from './change.ts'
export * from './operations/export.ts'
export * from './operations/migrate.ts'
export * from './operations/read.ts'
export * from './operations/relations.ts'
export * from './operations/views.ts'
export * from './operations/write.ts'
export { recordReply, rewriteWords, taskForComment } from './reply.ts'
