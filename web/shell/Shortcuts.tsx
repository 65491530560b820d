import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { onDemand } from '../../platform/react/demand.tsx'
import { isTyping, useShortcutsOn } from '../../platform/react/preferences.ts'
import { useMay } from '../../platform/react.tsx'

const ShortcutsHelp = onDemand(() => import('./ShortcutsHelp.tsx').then((module) => module.ShortcutsHelp))

type ShortcutsProps = { onFind: () => void; opened: boolean; onToggle: (opened: boolean) => void }

/** Single keys that work everywhere outside of fields, and the list of them. */
export function Shortcuts({ onFind, opened, onToggle }: ShortcutsProps) {
  const navigate = useNavigate()
  const may = useMay()
  const on = useShortcutsOn()
  const create = may('tasks.write') ? '/tasks/new' : !may('tasks.read') && may('requests.write') ? '/portal/new' : null
  const find = useRef(onFind)
  find.current = onFind

  // Works in fields too, and is no single key.
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      find.current()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])

  useEffect(() => {
    if (!on) return
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '/') {
        event.preventDefault()
        find.current()
      }
      if (event.key === 'c' && create) {
        event.preventDefault()
        navigate({ to: create })
      }
      if (event.key === '?') onToggle(true)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [on, create, navigate, onToggle])

  return opened ? <ShortcutsHelp on={on} onClose={() => onToggle(false)} /> : null
}
