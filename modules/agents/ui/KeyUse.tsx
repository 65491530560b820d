import { Button } from '@mantine/core'
import { useState } from 'react'
import { Time } from '../../../platform/react/time.tsx'
import { useMay, useRead } from '../../../platform/react.tsx'
import { LimitsDialog } from './LimitsDialog.tsx'
import { text } from './text.ts'

const words = text.apps
/** A working key among all those of the page. */
type UseOfKey = { id: string; name: string; among: readonly string[] }

/** Asked once for all keys of the page. */
const useUse = ({ id, among }: UseOfKey) =>
  useRead('agents.key-use', { keyIds: [...among] }).data?.items.find((item) => item.id === id)

/** When a key was last used. */
export function LastUse(key: UseOfKey) {
  const use = useUse(key)
  if (!use) return null
  return use.lastUsedAt ? <Time at={use.lastUsedAt} /> : <span data-muted>{words.never}</span>
}

/** Opens the limits of a key. */
export function LimitsOfKey(key: UseOfKey) {
  const use = useUse(key)
  const may = useMay()
  const [open, setOpen] = useState(false)
  if (!use || !may('agents.manage')) return null
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        me={8}
        aria-label={words.limitsOf({ name: key.name })}
        onClick={() => setOpen(true)}
      >
        {words.limits}
      </Button>
      {open && <LimitsDialog tokenId={key.id} name={key.name} limits={use.limits} onClose={() => setOpen(false)} />}
    </>
  )
}
