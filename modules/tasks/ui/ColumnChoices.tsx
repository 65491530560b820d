import { Button, Checkbox } from '@mantine/core'
import { allColumns, useColumns, useRoom } from './columns.ts'
import css from './list.module.css'
import { text } from './text.ts'

const words = text.list

/** One box for each column that may be hidden. */
export function ColumnChoices() {
  const columns = useColumns(useRoom())
  return (
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
  )
}
