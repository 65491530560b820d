/** Undo beats confirm: what was cheap to do is told with a way back, and Ctrl Z takes the latest one. */
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { messageOf } from './page.tsx'
import { isTyping } from './preferences.ts'
import { text } from './text.ts'

const shownMs = 10_000
let latest: (() => void) | null = null

/** Says what was done, and takes it back when asked to within ten seconds. */
export function tellUndoable(message: string, undo: () => Promise<unknown>) {
  const takeBack = async () => {
    forget()
    notifications.hide(id)
    try {
      await undo()
      notifications.show({ message: text.undone })
    } catch (error) {
      notifications.show({ color: 'red', message: messageOf(error) })
    }
  }
  const forget = () => {
    if (latest === takeBack) latest = null
  }
  const id = notifications.show({
    autoClose: shownMs,
    onClose: forget,
    message: (
      <div style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
        <span dir="auto">{message}</span>
        <Button size="compact-xs" variant="default" onClick={takeBack} aria-keyshortcuts="Control+Z">
          {text.undo}
        </Button>
      </div>
    ),
  })
  latest = takeBack
}

/** Ctrl Z outside of fields takes back what was told last, while it is on screen. */
export function useUndoKey() {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      if (!latest || isTyping(event.target)) return
      event.preventDefault()
      latest()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
