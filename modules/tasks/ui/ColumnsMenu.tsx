import { Button, Popover } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { useState } from 'react'
import { onDemand } from '../../../platform/react/demand.tsx'
import css from './list.module.css'
import { text } from './text.ts'

const ColumnChoices = onDemand(() => import('./ColumnChoices.tsx').then((module) => module.ColumnChoices))
const words = text.list

/** Which columns the list shows; kept for the person. */
export function ColumnsMenu() {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button
          className={`${css.tool} ${css.columnsTool}`}
          variant="default"
          size="compact-md"
          onPointerEnter={ColumnChoices.preload}
          onFocus={ColumnChoices.preload}
          onClick={() => ColumnChoices.preload().then(() => setOpened(!opened))}
          leftSection={<IconColumns3 size={16} />}
        >
          <span className={css.toolLabel}>{words.columnsMenu}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={words.columnsMenu}>
        <ColumnChoices />
      </Popover.Dropdown>
    </Popover>
  )
}
