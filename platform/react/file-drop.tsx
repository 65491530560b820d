import { useId, useRef, useState } from 'react'
import css from './file-drop.module.css'
import { sizeInWords } from './words.ts'

type FileDropProps = {
  label: string
  /** What to do, while no file is chosen. */
  prompt: string
  file: File | null
  onChoose: (file: File | null) => void
  help?: string
  /** As `accept` of a file input. */
  accept?: string
}

/** One file, dropped or picked; shows its name and size. */
export function FileDrop({ label, prompt, file, onChoose, help, accept }: FileDropProps) {
  const id = useId()
  const picker = useRef<HTMLInputElement>(null)
  const [dropping, setDropping] = useState(false)
  return (
    <div className={css.field}>
      <span id={`${id}-label`}>{label}</span>
      <button
        type="button"
        className={css.drop}
        data-dropping={dropping}
        aria-labelledby={`${id}-label ${id}`}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        id={id}
        onClick={() => picker.current?.click()}
        onDragOver={(event) => {
          event.preventDefault()
          setDropping(true)
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={(event) => {
          event.preventDefault()
          setDropping(false)
          onChoose(event.dataTransfer.files[0] ?? null)
        }}
      >
        {file ? `${file.name} (${sizeInWords(file.size)})` : prompt}
      </button>
      {help !== undefined && (
        <span id={`${id}-help`} className={css.help}>
          {help}
        </span>
      )}
      <input
        ref={picker}
        type="file"
        hidden
        accept={accept}
        aria-label={label}
        onChange={(event) => onChoose(event.currentTarget.files?.[0] ?? null)}
      />
    </div>
  )
}
