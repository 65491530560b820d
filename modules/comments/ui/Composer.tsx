import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { IconPaperclip, IconX } from '@tabler/icons-react'
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useRef, useState } from 'react'
import { upload } from '../../../platform/client.ts'
import { MarkdownInput } from '../../../platform/react/markdown-input.tsx'
import { messageOf, ProblemNotice } from '../../../platform/react/page.tsx'
import { useKept } from '../../../platform/react/preferences.ts'
import { sizeInWords } from '../../../platform/react/words.ts'
import { useChange, useRefresh } from '../../../platform/react.tsx'
import css from './conversation.module.css'
import { text } from './text.ts'

/** Says something about a task: to the requester or among staff, with files. The draft survives a closed page. */
export function Composer({ taskId, isHidden }: { taskId: string; isHidden: boolean }) {
  const change = useChange()
  const refresh = useRefresh()
  const [body, setBody] = useKept(`draft.${taskId}`, '')
  const [visibility, setVisibility] = useKept(`draft.${taskId}.visibility`, 'public')
  const [files, setFiles] = useState<File[]>([])
  const [dropping, setDropping] = useState(false)
  const [busy, setBusy] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [failed, setFailed] = useState<string[]>([])
  const picker = useRef<HTMLInputElement>(null)
  const isInternal = visibility === 'internal'
  const add = (more: Iterable<File>) => setFiles((before) => [...before, ...more])

  /** The words first; then the files, each for itself, so that one too large does not lose the others. */
  const send = async () => {
    if (busy !== null || (body.trim() === '' && files.length === 0)) return
    setBusy('')
    setProblem(null)
    setFailed([])
    try {
      const comment =
        body.trim() === '' ? null : await change('comments.add', { taskId, body, visibility: visibility as 'public' })
      setBody(null)
      const left: File[] = []
      const reasons: string[] = []
      for (const file of files) {
        setBusy(text.uploading({ name: file.name }))
        try {
          await upload(`/api/tasker/tasks/${taskId}/attachments`, comment ? { commentId: comment.id } : {}, file)
        } catch (error) {
          left.push(file)
          reasons.push(text.fileFailed({ name: file.name, reason: messageOf(error) }))
        }
      }
      setFiles(left)
      setFailed(reasons)
      if (files.length > left.length) await refresh('comments')
    } catch (error) {
      setProblem(error)
    }
    setBusy(null)
  }

  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    add(event.clipboardData.files)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setDropping(false)
    add(event.dataTransfer.files)
  }
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setDropping(true)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files; the button beside does the same by keyboard
    <div
      className={css.composer}
      data-visibility={visibility}
      onDragOver={onDragOver}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node) && setDropping(false)}
      onDrop={onDrop}
      onKeyDown={onKeyDown}
    >
      <div className={css.composerTop}>
        <SegmentedControl
          size="xs"
          aria-label={text.body}
          value={visibility}
          onChange={setVisibility}
          data={[
            { value: 'public', label: text.publicReply },
            { value: 'internal', label: text.internalNote },
          ]}
        />
        <span className={css.hint}>{isInternal ? text.internalHelp : isHidden ? text.hiddenHelp : text.publicHelp}</span>
      </div>
      <ProblemNotice error={problem} />
      <MarkdownInput
        label={isInternal ? text.internalNote : text.publicReply}
        hideLabel
        value={body}
        onChange={(next) => setBody(next || null)}
        placeholder={isInternal ? text.placeholderInternal : text.placeholderPublic}
        maxLength={20_000}
        minRows={3}
        onPaste={onPaste}
      />
      {failed.length > 0 && (
        <div role="alert" style={{ color: 'var(--red)', marginTop: 6 }}>
          {failed.map((reason) => (
            <div key={reason}>{reason}</div>
          ))}
        </div>
      )}
      {files.length > 0 && (
        <ul className={css.files}>
          {files.map((file, at) => (
            <li key={`${file.name} ${file.lastModified} ${file.size}`} className={css.file}>
              <span>{file.name}</span>
              <span className={css.size}>{sizeInWords(file.size)}</span>
              <ActionIcon
                size={24}
                onClick={() => setFiles(files.filter((_, each) => each !== at))}
                aria-label={text.removeFile({ name: file.name })}
              >
                <IconX size={14} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <div className={css.composerFoot}>
        <Button
          onClick={send}
          loading={busy !== null}
          disabled={body.trim() === '' && files.length === 0}
          aria-keyshortcuts="Control+Enter"
        >
          {isInternal ? text.saveNote : text.send}
        </Button>
        <Button variant="default" leftSection={<IconPaperclip size={16} />} onClick={() => picker.current?.click()}>
          {text.attach}
        </Button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={text.attach}
          onChange={(event) => {
            add(event.currentTarget.files ?? [])
            event.currentTarget.value = ''
          }}
        />
        <span className={css.hint} role="status">
          {busy || (body ? text.draft : '')}
        </span>
      </div>
      {dropping && <div className={css.dropping}>{text.drop}</div>}
    </div>
  )
}
