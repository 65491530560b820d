import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCheck, IconPhoto } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { contrastWithWhite, enoughContrast, isColor, readable } from '../../../platform/react/contrast.ts'
import { messageOf, ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import { ColorInput } from './ColorInput.tsx'
import { readLogo } from './logo.ts'
import css from './settings.module.css'
import { text } from './text.ts'

const words = text.branding

type Branding = { accent: string; logo: string }

/** Accent and logo, seen before they are saved. */
export function BrandingForm({ branding, mayManage }: { branding: Branding; mayManage: boolean }) {
  const change = useChange()
  const [draft, setDraft] = useState(branding)
  const [problem, setProblem] = useState<unknown>(null)
  const [logoProblem, setLogoProblem] = useState<string | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const contrast = isColor(draft.accent) ? contrastWithWhite(draft.accent) : null
  const isReadable = draft.accent === '' || (contrast !== null && contrast >= enoughContrast)
  const isChanged = draft.accent !== branding.accent || draft.logo !== branding.logo

  const choose = async (file: File | undefined) => {
    if (!file) return
    try {
      const logo = await readLogo(file)
      setDraft((before) => ({ ...before, logo }))
      setLogoProblem(null)
    } catch (error) {
      setLogoProblem(messageOf(error))
    }
  }
  const save = async () => {
    try {
      await change('settings.save-branding', draft)
      notifications.show({ message: words.saved })
      setProblem(null)
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <div className={css.branding}>
      <p data-muted>{words.lead}</p>
      <ProblemNotice error={problem} />
      <ColorInput
        label={words.accent}
        description={words.accentHelp}
        disabled={!mayManage}
        value={draft.accent}
        onChange={(accent) => setDraft({ ...draft, accent: accent.toLowerCase() })}
      />
      {contrast !== null && (
        <p className={css.contrast} data-enough={isReadable} role="status">
          {isReadable ? <IconCheck size={16} aria-hidden="true" /> : <IconAlertTriangle size={16} aria-hidden="true" />}
          <span>{(isReadable ? words.enough : words.tooLittle)({ value: Math.floor(contrast * 10) / 10, least: 4.5 })}</span>
          {!isReadable && (
            <Button size="compact-xs" variant="default" onClick={() => setDraft({ ...draft, accent: readable(draft.accent) })}>
              {words.darken({ color: readable(draft.accent) })}
            </Button>
          )}
        </p>
      )}
      <section aria-label={words.preview} className={css.previews}>
        {(['light', 'dark'] as const).map((scheme) => (
          <div
            key={scheme}
            className={css.preview}
            data-scheme={scheme}
            style={{ '--brand': isColor(draft.accent) ? readable(draft.accent) : '#b35a2d' } as React.CSSProperties}
          >
            <div className={css.previewHead}>
              {draft.logo ? <img src={draft.logo} alt="" /> : <img src="/icon.svg" alt="" />}
              <strong>{words[scheme]}</strong>
            </div>
            <span className={css.sampleRow}>{words.sampleRow}</span>
            <span className={css.sampleLink}>{words.sampleLink}</span>
            <span className={css.sampleButton}>{words.sampleButton}</span>
          </div>
        ))}
      </section>
      <div>
        <h2 className={css.heading}>{words.logo}</h2>
        <p data-muted className={css.small}>
          {words.logoHelp}
        </p>
        {logoProblem && (
          <p role="alert" className={css.error}>
            {logoProblem}
          </p>
        )}
        {mayManage && (
          <div className={css.actions}>
            <Button variant="default" leftSection={<IconPhoto size={16} />} onClick={() => picker.current?.click()}>
              {words.choose}
            </Button>
            {draft.logo && (
              <Button variant="subtle" color="gray" onClick={() => setDraft({ ...draft, logo: '' })}>
                {words.removeLogo}
              </Button>
            )}
            <input
              ref={picker}
              type="file"
              hidden
              accept="image/png,image/jpeg,image/webp,image/svg+xml"
              aria-label={words.logo}
              onChange={(event) => {
                choose(event.currentTarget.files?.[0])
                event.currentTarget.value = ''
              }}
            />
          </div>
        )}
      </div>
      {mayManage && (
        <div className={css.actions}>
          <Button onClick={save} disabled={!isChanged || !isReadable}>
            {words.save}
          </Button>
        </div>
      )}
    </div>
  )
}
