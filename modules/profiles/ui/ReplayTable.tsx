import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { number } from '../../../platform/react/i18n.ts'
import { stateName } from '../../../platform/react/marks.tsx'
import { DataTable } from '../../../platform/react/page.tsx'
import type { JudgedMove } from './log-moves.ts'
import css from './profile.module.css'
import replayCss from './replay.module.css'
import { text } from './text.ts'

const words = text.replay

type ReplayTableProps = {
  moves: readonly JudgedMove[]
  isChosen: (move: JudgedMove) => boolean
  onSelect: (move: JudgedMove) => void
}

const most = 200

/** The numbers of the picture; refused moves first. */
export function ReplayTable({ moves, isChosen, onSelect }: ReplayTableProps) {
  const [show, setShow] = useState('all')
  const refused = moves.filter(({ accepted }) => !accepted)
  const shown = show === 'refused' ? refused : [...refused, ...moves.filter(({ accepted }) => accepted)]
  return (
    <div>
      <SegmentedControl
        size="xs"
        aria-label={words.moves}
        value={show}
        onChange={setShow}
        data={[
          { value: 'all', label: words.allMoves({ count: moves.length }) },
          { value: 'refused', label: words.refusedMoves({ count: refused.length }) },
        ]}
      />
      <DataTable label={words.moves} head={Object.values(words.head)}>
        {shown.slice(0, most).map((move) => (
          <tr key={`${move.from}\n${move.to}`} data-chosen={isChosen(move) || undefined} className={replayCss.row}>
            <td>
              <button type="button" className={css.link} aria-pressed={isChosen(move)} onClick={() => onSelect(move)}>
                {stateName(move.from)} → {stateName(move.to)}
              </button>
            </td>
            <td className={replayCss.number} data-figures>
              {number(move.count)}
            </td>
            <td className={replayCss.verdict} data-kind={move.accepted ? 'accepted' : 'refused'}>
              {move.accepted ? words.isAccepted : words.isRefused}
            </td>
          </tr>
        ))}
      </DataTable>
      {shown.length > most && <p data-muted>{words.more(shown.length - most)}</p>}
    </div>
  )
}
