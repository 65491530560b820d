import { ActionIcon } from '@mantine/core'
import { IconPaperclip, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { sizeInWords } from '../../../platform/react/words.ts'
import { useChange } from '../../../platform/react.tsx'
import type { Attachment } from '../contract.ts'
import css from './conversation.module.css'
import { ImageOverlay } from './ImageOverlay.tsx'
import { text } from './text.ts'

const address = ({ id }: Attachment) => `/api/tasker/attachments/${id}`
/** What a browser may show in place; SVG is not among them, for it can carry scripts. */
const isImage = ({ contentType }: Attachment) => /^image\/(png|jpeg|gif|webp)$/.test(contentType)

type AttachmentsProps = { attachments: Attachment[]; mayRemove: (attachment: Attachment) => boolean }

/** Files with their names and sizes; images show themselves. */
export function Attachments({ attachments, mayRemove }: AttachmentsProps) {
  const change = useChange()
  const images = attachments.filter(isImage)
  const [shown, setShown] = useState<number | null>(null)
  const [removing, setRemoving] = useState<Attachment | null>(null)
  return (
    <>
      <ul className={css.files}>
        {attachments.map((attachment) => (
          <li key={attachment.id} className={isImage(attachment) ? `${css.file} ${css.image}` : css.file}>
            {isImage(attachment) && (
              <a
                href={`${address(attachment)}?inline=1`}
                target="_blank"
                rel="noopener"
                aria-haspopup="dialog"
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return
                  event.preventDefault()
                  setShown(images.indexOf(attachment))
                }}
              >
                <img src={`${address(attachment)}?inline=1`} alt={attachment.fileName} loading="lazy" />
              </a>
            )}
            <div className={css.imageFoot} style={isImage(attachment) ? undefined : { maxWidth: 'none' }}>
              {!isImage(attachment) && <IconPaperclip size={14} />}
              <a href={address(attachment)} download={attachment.fileName} title={text.download({ name: attachment.fileName })}>
                {attachment.fileName}
              </a>
              <span className={css.size}>{sizeInWords(attachment.size)}</span>
              {mayRemove(attachment) && (
                <ActionIcon
                  size={24}
                  onClick={() => setRemoving(attachment)}
                  aria-label={text.removeAttachment({ name: attachment.fileName })}
                >
                  <IconTrash size={14} />
                </ActionIcon>
              )}
            </div>
          </li>
        ))}
      </ul>
      {shown !== null && images[shown] && (
        <ImageOverlay
          image={images[shown]}
          address={`${address(images[shown])}?inline=1`}
          place={images.length > 1 ? { at: shown + 1, of: images.length } : undefined}
          onStep={(by) => setShown((shown + by + images.length) % images.length)}
          onClose={() => setShown(null)}
        />
      )}
      {removing && (
        <ConfirmDialog
          title={text.confirmRemoveTitle({ name: removing.fileName })}
          lead={text.confirmRemove}
          action={text.removeAttachment({ name: removing.fileName })}
          cancel={text.cancel}
          onConfirm={() => change('comments.delete-attachment', { attachmentId: removing.id })}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  )
}
