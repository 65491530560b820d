import { ActionIcon, Checkbox, Popover, Select, TagsInput } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import type { CompiledField, CustomFieldType } from '../contract.ts'
import { taskField } from '../contract.ts'
import { DraftInput } from './DraftInput.tsx'
import { Marks } from './FlowPanel.tsx'
import { type Mark, rowId } from './findings.ts'
import panelCss from './panel.module.css'
import css from './profile.module.css'
import { removeCustomFieldNamed, setRule } from './profile-edits.ts'
import rules from './rules.module.css'
import { text } from './text.ts'
import type { Draft } from './use-draft.ts'

const words = text.fields

type FieldRowProps = {
  field: CompiledField
  priorities: readonly string[]
  edit: Draft['edit']
  mayEdit: boolean
  marks: readonly Mark[] | undefined
  onEdit: () => void
}

/** A field with its rule; each part is changed in its cell. */
export function FieldRow({ field, priorities, edit, mayEdit, marks, onEdit }: FieldRowProps) {
  const { key, label, custom } = field
  return (
    <tr id={rowId({ view: 'fields', field: custom ? `customFields.${key}` : key })} data-hidden={!field.visible || undefined}>
      <td>
        <div className={rules.fieldName}>
          <span dir="auto">{label}</span>
          <span className={css.small} data-muted>
            {key}
            {custom && ` · ${words.types[field.type as CustomFieldType]}`}
          </span>
          {custom && mayEdit && (
            <span className={rules.fieldTools}>
              <ActionIcon size="sm" aria-label={words.edit({ label })} onClick={onEdit}>
                <IconPencil size={14} />
              </ActionIcon>
              <ActionIcon size="sm" aria-label={words.remove({ label })} onClick={() => edit(removeCustomFieldNamed(key))}>
                <IconTrash size={14} />
              </ActionIcon>
            </span>
          )}
        </div>
        <Marks marks={marks} />
      </td>
      <td>
        <Checkbox
          size="xs"
          aria-label={words.visible({ label })}
          checked={field.visible}
          disabled={!mayEdit}
          onChange={(event) => edit(setRule(key, 'visible', event.currentTarget.checked))}
        />
      </td>
      <td>
        <Checkbox
          size="xs"
          aria-label={words.required({ label })}
          checked={field.required}
          disabled={!mayEdit}
          onChange={(event) => edit(setRule(key, 'required', event.currentTarget.checked))}
        />
      </td>
      <td>
        <DefaultCell field={field} priorities={priorities} edit={edit} mayEdit={mayEdit} />
      </td>
      <td>
        <ChoicesCell field={field} priorities={priorities} edit={edit} mayEdit={mayEdit} />
      </td>
    </tr>
  )
}

type CellProps = Pick<FieldRowProps, 'field' | 'priorities' | 'edit' | 'mayEdit'>

/** What may be chosen at all, before the rule restricts it. */
const offered = ({ key, custom, choices }: CompiledField, priorities: readonly string[]) => {
  if (custom) return choices
  return key === 'priority' && priorities.length > 0 ? priorities : taskField(key)?.choices
}

function DefaultCell({ field, priorities, edit, mayEdit }: CellProps) {
  const { key, label, type } = field
  const set = (value: unknown) => edit(setRule(key, 'default', value))
  const choices = type === 'boolean' ? ['true', 'false'] : field.restricted ? field.choices : offered(field, priorities)
  if (choices?.length && !(field.open && type !== 'boolean')) {
    const said = field.default === undefined ? null : String(field.default)
    const known = said !== null && !choices.includes(said) ? [said, ...choices] : choices
    return (
      <Select
        size="xs"
        aria-label={words.default({ label })}
        placeholder={words.noDefault}
        data={[...new Set(known)].map((value) => ({
          value,
          label: type === 'boolean' ? (value === 'true' ? words.yes : words.no) : value,
        }))}
        value={said}
        clearable
        clearButtonProps={{ 'aria-label': text.fields.clear }}
        readOnly={!mayEdit}
        onChange={(next) => set(next === null ? undefined : read(type, next))}
      />
    )
  }
  const value = Array.isArray(field.default) ? field.default.join(', ') : String(field.default ?? '')
  return (
    <DraftInput
      size="xs"
      aria-label={words.default({ label })}
      placeholder={words.noDefault}
      data-default
      value={value}
      readOnly={!mayEdit}
      judge={(typed) => (type === 'number' && Number.isNaN(Number(typed)) ? words.notNumber : undefined)}
      onCommit={(typed) => set(typed === '' ? undefined : read(type, typed))}
    />
  )
}

function read(type: string, typed: string): unknown {
  if (type === 'number') return Number(typed)
  if (type === 'boolean') return typed === 'true'
  if (type === 'tags' || type === 'list')
    return typed
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean)
  return typed
}

const noChoices = new Set(['markdown', 'boolean', 'datetime', 'date', 'list', 'url'])

function ChoicesCell({ field, priorities, edit, mayEdit }: CellProps) {
  const { key, label, type, restricted } = field
  if (noChoices.has(type)) return <span data-muted>–</span>
  const all = offered(field, priorities)
  const chosen = restricted ? (field.choices ?? []) : []
  const set = (next: readonly string[]) =>
    edit(setRule(key, 'choices', next.length === 0 ? undefined : type === 'number' ? next.map(Number) : next))
  const shown = restricted ? chosen.join(', ') : all ? words.allChoices : words.anyChoice
  return (
    <Popover width={280} trapFocus position="bottom-end" withinPortal>
      <Popover.Target>
        <button
          type="button"
          className={rules.cell}
          data-cell
          disabled={!mayEdit}
          aria-label={`${words.choices({ label })}: ${shown}`}
        >
          {shown}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        {all && !(field.open && !restricted) && taskField(key)?.open !== true ? (
          <fieldset className={panelCss.boxes}>
            <legend>{words.choices({ label })}</legend>
            <p className={panelCss.across} data-muted>
              {words.choicesHelp}
            </p>
            {all.map((choice) => (
              <Checkbox
                key={choice}
                size="xs"
                label={choice}
                checked={chosen.includes(choice)}
                onChange={(event) =>
                  set(all.filter((each) => (each === choice ? event.currentTarget.checked : chosen.includes(each))))
                }
              />
            ))}
          </fieldset>
        ) : (
          <TagsInput
            label={words.choices({ label })}
            description={words.freeHelp}
            data={[...(all ?? [])]}
            value={[...chosen]}
            onChange={set}
            comboboxProps={{ withinPortal: false }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
