import { Button, Checkbox, Popover } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { allColumns, useColumns, useRoom } from './columns.ts'
import css from './list.module.css'
import { text } from './text.ts'

const words = text.list

/** Which columns the list shows; kept for the person. */
export function ColumnsMenu() {
  const columns = useColumns(useRoom())
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button
          className={`${css.tool} ${css.columnsTool}`}
          variant="default"
          size="compact-md"
          leftSection={<IconColumns3 size={16} />}
        >
          <span className={css.toolLabel}>{words.columnsMenu}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={words.columnsMenu}>
        <fieldset className={css.columnChoices}>
          <legend data-sr>{words.columnsMenu}</legend>
          {allColumns
            .filter(({ fixed }) => !fixed)
            .map((column) => (
              <Checkbox
                key={column.id}
                size="xs"
                label={column.label}
                checked={columns.isShown(column)}
                onChange={(event) => columns.show(column.id, event.currentTarget.checked)}
              />
            ))}
          {columns.isOwn && (
            <Button size="compact-sm" variant="default" onClick={columns.reset}>
              {words.columnsReset}
            </Button>
          )}
        </fieldset>
      </Popover.Dropdown>
    </Popover>
  )
}
