import css from './changes.module.css'
import type { compareProfiles, ProfileChange } from './changes.ts'
import { text } from './text.ts'

/** What changed, in groups: states, moves, fields, targets. */
export function ChangeList({ changes }: { changes: ReturnType<typeof compareProfiles> }) {
  if (changes.length === 0) return <p data-muted>{text.changes.none}</p>
  const areas = [...new Set(changes.map(({ area }) => area))]
  return (
    <div className={css.changes}>
      {areas.map((area) => (
        <section key={area} aria-label={text.changes.areas[area]}>
          <h3>{text.changes.areas[area]}</h3>
          <ul>
            {changes
              .filter((change) => change.area === area)
              .map((change) => (
                <li key={`${change.where} ${change.what} ${change.before} ${change.after}`}>
                  <ChangeLine change={change} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function ChangeLine({ change: { where, what, before, after } }: { change: ProfileChange }) {
  if (what === undefined) {
    return (
      <>
        <span className={css.sign} data-kind={after === undefined ? 'removed' : 'added'}>
          {after === undefined ? text.changes.removed : text.changes.added}
        </span>{' '}
        <strong>{where}</strong>
      </>
    )
  }
  return (
    <>
      <strong>{where}</strong> · {text.changes.properties[what] ?? what}:{' '}
      <del>{before === '' ? text.changes.nothing : before}</del> → <ins>{after === '' ? text.changes.nothing : after}</ins>
    </>
  )
}
