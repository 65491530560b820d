import { useEffect, useRef } from 'react'

type Actions = { save: () => void; undo: () => void; redo: () => void }

/** Save, undo and redo wherever the focus is. A field that is being typed in keeps its own undo until it counts. */
export function useEditorKeys(actions: Actions) {
  const latest = useRef(actions)
  latest.current = actions
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const target = event.target as HTMLElement
      if (target.closest('[role="dialog"]')) return
      const key = event.key.toLowerCase()
      const isUndo = key === 'z' && !event.shiftKey
      const isRedo = (key === 'z' && event.shiftKey) || key === 'y'
      if ((isUndo || isRedo) && target.closest('[data-dirty], [data-own-keys]')) return
      if (key === 'enter' && target.closest('[data-own-keys]')) return
      const action = isUndo ? 'undo' : isRedo ? 'redo' : key === 's' || key === 'enter' ? 'save' : null
      if (!action) return
      event.preventDefault()
      event.stopPropagation()
      latest.current[action]()
    }
    window.addEventListener('keydown', onKeyDown, true)
    return () => window.removeEventListener('keydown', onKeyDown, true)
  }, [])
}
