import { Modal } from '@mantine/core'
import { Fragment } from 'react'
import { text } from '../text.ts'
import css from './shell.module.css'

const rows = [
  ['Ctrl K', 'find'],
  ['/', 'same'],
  ['c', 'create'],
  ['j  k', 'walk'],
  ['x', 'select'],
  ['Enter', 'open'],
  ['t', 'tables'],
  ['Ctrl Enter', 'send'],
  ['?', 'list'],
] as const

/** The list of keys. */
export const ShortcutsHelp = ({ on, onClose }: { on: boolean; onClose: () => void }) => (
  <Modal opened onClose={onClose} title={text.shortcuts.title} closeButtonProps={{ 'aria-label': text.shortcuts.close }}>
    <dl className={css.keys}>
      {rows.map(([keys, meaning]) => (
        <Fragment key={keys}>
          <dt>{keys}</dt>
          <dd>{text.shortcuts[meaning]}</dd>
        </Fragment>
      ))}
    </dl>
    {!on && <p data-muted>{text.shortcuts.off}</p>}
  </Modal>
)
