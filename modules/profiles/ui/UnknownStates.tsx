import { Select } from '@mantine/core'
import { Notice } from '../../../platform/react/page.tsx'
import replayCss from './replay.module.css'
import { text } from './text.ts'

type UnknownStatesProps = {
  words: readonly string[]
  states: readonly string[]
  meanings: Readonly<Record<string, string>>
  onChange: (word: string, state: string) => void
}

const most = 12

/** Words of the log that are no states here; saying what they mean judges the log anew. */
export function UnknownStates({ words, states, meanings, onChange }: UnknownStatesProps) {
  if (words.length === 0) return null
  return (
    <Notice kind="warning" title={text.replay.unknown(words.length)}>
      <p>{text.replay.unknownLead}</p>
      <div className={replayCss.meanings}>
        {words.slice(0, most).map((word) => (
          <Select
            key={word}
            size="xs"
            label={word}
            placeholder={text.replay.meansNothing}
            data={[...new Set(states)]}
            value={meanings[word] || null}
            clearable
            onChange={(state) => onChange(word, state ?? '')}
          />
        ))}
      </div>
    </Notice>
  )
}
