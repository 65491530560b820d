/** What ended for good with a change of who may do what, in words. */
import { notifications } from '@mantine/notifications'
import { text } from './text.ts'
import { listed } from './words.ts'

export type Ended = { keys: number; connections: number; scimTokens: number }

const words = text.ended

/** `2 API keys and 1 connected app`; null where nothing ended. */
export function credentialsInWords({ keys, connections, scimTokens }: Ended): string | null {
  const parts = [
    ...(keys > 0 ? [words.keys(keys)] : []),
    ...(connections > 0 ? [words.connections(connections)] : []),
    ...(scimTokens > 0 ? [words.scimTokens(scimTokens)] : []),
  ]
  return parts.length > 0 ? listed(parts) : null
}

/** Whether an answer says what ended. */
export const saysEnded = (answer: unknown): answer is { ended: Ended } =>
  typeof answer === 'object' && answer !== null && 'ended' in answer

/** Tells whoever made the change that something ended with it; they stay until read, for somebody will miss them. */
export function tellEnded({ ended }: { ended: Ended }) {
  const credentials = credentialsInWords(ended)
  if (credentials) notifications.show({ title: words.title, message: words.body({ credentials }), autoClose: false })
}
