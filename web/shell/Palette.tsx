import { Modal } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { text } from '../text.ts'
import css from './palette.module.css'
import { usePaletteItems } from './use-palette-items.tsx'

const words = text.palette

/** One field that finds tickets, people, pages and actions; worked with the keyboard alone. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const { groups, isReading } = usePaletteItems(typed)
  const items = groups.flatMap((group) => group.items)
  const at = Math.min(active, items.length - 1)

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is active must be seen
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at, items.length])

  const run = (index: number) => {
    const item = items[index]
    if (!item) return
    onClose()
    item.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const last = items.length - 1
    const to = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, PageDown: last, PageUp: 0 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      setActive(to)
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      run(at)
    }
  }
  return (
    <Modal.Root opened onClose={onClose} size={620} yOffset="10vh">
      <Modal.Overlay />
      <Modal.Content aria-label={words.label} radius="md">
        <div className={css.field}>
          <IconSearch size={18} aria-hidden="true" />
          <input
            data-autofocus
            role="combobox"
            aria-label={words.label}
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant={items[at] ? `palette-${items[at].id}` : undefined}
            aria-autocomplete="list"
            autoComplete="off"
            spellCheck={false}
            placeholder={words.placeholder}
            value={typed}
            maxLength={300}
            onChange={(event) => {
              setTyped(event.currentTarget.value)
              setActive(0)
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div id="palette-list" role="listbox" aria-label={words.results} className={css.list} ref={list}>
          {groups.map((group) => (
            <div key={group.label} role="group" aria-label={group.label}>
              <div className={css.group} aria-hidden="true">
                {group.label}
              </div>
              {group.items.map((item) => {
                const index = items.indexOf(item)
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the field above listens for the keys
                  // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
                  <div
                    key={item.id}
                    id={`palette-${item.id}`}
                    role="option"
                    aria-selected={index === at}
                    className={css.item}
                    onClick={() => run(index)}
                    onPointerMove={() => index !== at && setActive(index)}
                  >
                    <span className={css.icon} aria-hidden="true">
                      {item.icon}
                    </span>
                    <span className={css.label} dir="auto">
                      {item.label}
                    </span>
                    {item.hint && <span className={css.hint}>{item.hint}</span>}
                  </div>
                )
              })}
            </div>
          ))}
        </div>
        <p className={css.foot} role="status">
          {isReading ? words.reading : items.length === 0 ? words.nothing : words.keys}
        </p>
      </Modal.Content>
    </Modal.Root>
  )
}
