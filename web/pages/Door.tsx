import type { FormEvent, ReactNode } from 'react'
import { useTitle } from '../../platform/react/page.tsx'
import { LanguageChoice } from '../shell/LanguageChoice.tsx'
import { text } from '../text.ts'
import css from './door.module.css'

type DoorProps = { title: string; lead?: string; onSubmit: (event: FormEvent<HTMLFormElement>) => void; children: ReactNode }

/** The pages before the product: one card with a form. */
export function Door({ title, lead, onSubmit, children }: DoorProps) {
  useTitle(title)
  return (
    <main className={css.door}>
      <form className={css.card} onSubmit={onSubmit}>
        <div className={css.brand}>
          <img src="/icon.svg" alt="" />
          {text.product}
        </div>
        <h1>{title}</h1>
        {lead && <p data-muted>{lead}</p>}
        {children}
      </form>
      <div className={css.language}>
        <LanguageChoice />
      </div>
    </main>
  )
}
