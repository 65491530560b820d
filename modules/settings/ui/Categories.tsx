import { ActionIcon, Button } from '@mantine/core'
import { IconArchive, IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { PriorityMark } from '../../../platform/react/marks.tsx'
import { lengthOf } from '../../../platform/react/words.ts'
import { useChange } from '../../../platform/react.tsx'
import { type Category, maxLevels, type Priority } from '../contract.ts'
import { CategoryForm } from './CategoryForm.tsx'
import css from './settings.module.css'
import { text } from './text.ts'

const words = text.categories

type CategoriesProps = { categories: Category[]; priorities: Priority[]; mayManage: boolean }
type Editing = { category?: Category; parentId: string | null }

/** The categories as the tree they are. */
export function Categories({ categories, priorities, mayManage }: CategoriesProps) {
  const change = useChange()
  const [editing, setEditing] = useState<Editing | null>(null)
  const [removing, setRemoving] = useState<Category | null>(null)
  const branch = (parentId: string | null) => {
    const children = categories.filter((category) => category.parentId === parentId)
    if (children.length === 0) return null
    return (
      <ul className={css.tree}>
        {children.map((category) => (
          <li key={category.id}>
            <CategoryRow
              category={category}
              mayManage={mayManage}
              onEdit={() => setEditing({ category, parentId: category.parentId })}
              onAdd={() => setEditing({ parentId: category.id })}
              onRemove={() => setRemoving(category)}
            />
            {branch(category.id)}
          </li>
        ))}
      </ul>
    )
  }
  return (
    <>
      <div className={css.sectionHead}>
        <p data-muted>{words.lead}</p>
        {mayManage && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing({ parentId: null })}>
            {words.add}
          </Button>
        )}
      </div>
      {branch(null)}
      {editing && (
        <CategoryForm
          key={editing.category?.id ?? `below ${editing.parentId}`}
          category={editing.category}
          parentId={editing.parentId}
          categories={categories}
          priorities={priorities}
          onClose={() => setEditing(null)}
        />
      )}
      {removing && (
        <ConfirmDialog
          title={words.removeTitle({ name: removing.name })}
          lead={words.removeLead}
          action={words.removeAction}
          cancel={text.cancel}
          onConfirm={() => change('settings.archive-category', { categoryId: removing.id })}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  )
}

type CategoryRowProps = {
  category: Category
  mayManage: boolean
  onEdit: () => void
  onAdd: () => void
  onRemove: () => void
}

function CategoryRow({ category, mayManage, onEdit, onAdd, onRemove }: CategoryRowProps) {
  const { name, responseMinutes, resolutionMinutes, fields } = category
  const facts = [
    responseMinutes && words.responseIn({ length: lengthOf(responseMinutes * 60_000) }),
    resolutionMinutes && words.resolutionIn({ length: lengthOf(resolutionMinutes * 60_000) }),
    fields.length > 0 && words.fieldCount(fields.length),
  ].filter(Boolean)
  return (
    <div className={css.node}>
      <span
        className={css.nodeIcon}
        style={{ '--tone': category.color || 'var(--edge)' } as React.CSSProperties}
        aria-hidden="true"
      >
        {category.icon || name.slice(0, 1)}
      </span>
      <span className={css.nodeName}>{name}</span>
      {category.defaultPriority && <PriorityMark priority={category.defaultPriority} />}
      <span className={css.nodeFacts}>{facts.join(' · ')}</span>
      {mayManage && (
        <span className={css.nodeActions}>
          {category.path.length < maxLevels && (
            <ActionIcon onClick={onAdd} aria-label={words.addBelow({ name })} title={words.addBelow({ name })}>
              <IconPlus size={16} />
            </ActionIcon>
          )}
          <ActionIcon onClick={onEdit} aria-label={text.edit({ name })} title={text.edit({ name })}>
            <IconPencil size={16} />
          </ActionIcon>
          <ActionIcon onClick={onRemove} aria-label={words.remove({ name })} title={words.remove({ name })}>
            <IconArchive size={16} />
          </ActionIcon>
        </span>
      )}
    </div>
  )
}
