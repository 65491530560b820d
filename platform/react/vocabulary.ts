import { termOf } from '../terms.ts'
import { say } from './i18n.ts'

/** A stored word as the screen says it: `InProgress` is `In Progress`, in German `In Bearbeitung`. */
export function wordOf(value: string): string {
  const word = termOf(value)
  return word ? say(word) : value.replace(/([a-z])([A-Z])/g, '$1 $2')
}
