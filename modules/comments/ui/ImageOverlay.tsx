import { ActionIcon, Modal } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import { number } from '../../../platform/react/i18n.ts'
import type { Attachment } from '../contract.ts'
import css from './conversation.module.css'
import { text } from './text.ts'

type ImageOverlayProps = {
  image: Attachment
  address: string
  /** Which of how many, where there are others to go on to. */
  place?: { at: number; of: number } | undefined
  onStep: (by: 1 | -1) => void
  onClose: () => void
}

/** A picture as large as the window allows; the arrow keys go on to the next of the same comment. */
export function ImageOverlay({ image, address, place, onStep, onClose }: ImageOverlayProps) {
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (place && (key === 'ArrowRight' || key === 'ArrowLeft')) onStep(key === 'ArrowRight' ? 1 : -1)
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={<span dir="auto">{image.fileName}</span>}
      size="auto"
      centered
      onKeyDown={onKeyDown}
      closeButtonProps={{ 'aria-label': text.closeImage }}
    >
      <img className={css.whole} src={address} alt={image.fileName} />
      <div className={css.wholeFoot}>
        {place && (
          <>
            <ActionIcon onClick={() => onStep(-1)} aria-label={text.previousImage}>
              <IconChevronLeft size={18} />
            </ActionIcon>
            <span>{text.placeOfImage({ at: number(place.at), of: number(place.of) })}</span>
            <ActionIcon onClick={() => onStep(1)} aria-label={text.nextImage}>
              <IconChevronRight size={18} />
            </ActionIcon>
          </>
        )}
        <a href={address} target="_blank" rel="noopener">
          {text.openImage}
        </a>
      </div>
    </Modal>
  )
}
