/** Small choices kept in this browser. */
import { useCallback, useSyncExternalStore } from 'react'
import { keep, kept, whenKept } from './kept.ts'

/** A kept text as state. */
export function useKept(key: string, initial: string): [string, (value: string | null) => void] {
  const value = useSyncExternalStore(whenKept, () => kept(key) ?? initial)
  return [value, useCallback((next: string | null) => keep(key, next), [key])]
}

const drafts = 'tater.draft.'

/** Something half written: kept while the tab lives, so it survives a reload and signing in again. */
export function readDraft<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(drafts + key) ?? 'null') as T | null
  } catch {
    return null
  }
}

/** Null forgets it. */
export function keepDraft(key: string, value: unknown) {
  try {
    if (value === null) sessionStorage.removeItem(drafts + key)
    else sessionStorage.setItem(drafts + key, JSON.stringify(value))
  } catch {
    // As above.
  }
}

/** Whoever signs in next at this browser reads nothing the person before began to write. */
export function forgetDrafts() {
  try {
    for (const store of [sessionStorage, localStorage]) {
      for (const key of Object.keys(store)) if (key.startsWith(drafts)) store.removeItem(key)
    }
  } catch {
    // As above.
  }
}

/** Single-key shortcuts can be switched off in the person menu (WCAG 2.1.4). */
export const useShortcutsOn = () => useKept('shortcuts', 'on')[0] === 'on'

/** Whether a key is meant for a field, a dialog or a menu rather than for the page. */
export const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.closest('[role="dialog"],[role="menu"],[role="listbox"]') !== null)
