import { Button, SegmentedControl, Select } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { timeInWords } from '../../../platform/react/words.ts'
import { useRead } from '../../../platform/react.tsx'
import type { TaskerProfile } from '../contract.ts'
import { ChangeList } from './ChangeList.tsx'
import css from './changes.module.css'
import { compareProfiles } from './changes.ts'
import { documentOf, print } from './document.ts'
import { diffLines, foldRows } from './line-diff.ts'
import { text } from './text.ts'
import type { Draft } from './use-draft.ts'

const words = text.compare
type Version = Output<'profiles.versions'>['items'][number]
type CompareViewProps = { profileId: string; document: TaskerProfile; draft: Draft; mayEdit: boolean }

/** Any two versions, or one and the draft: what changed in words, and the JSON of both side by side. */
export default function CompareView({ profileId, document, draft, mayEdit }: CompareViewProps) {
  const read = useRead('profiles.versions', { profileId })
  if (read.error) return <ProblemNotice error={read.error} />
  if (!read.data) return <Waiting lines={6} />
  return <Compared versions={read.data.items} document={document} draft={draft} mayEdit={mayEdit} />
}

function Compared({
  versions,
  document,
  draft,
  mayEdit,
}: Omit<CompareViewProps, 'profileId'> & { versions: readonly Version[] }) {
  const newest = String(versions[0]?.version ?? '')
  const [left, setLeft] = useState<string | null>(null)
  const [right, setRight] = useState<string | null>(null)
  const [shape, setShape] = useState('words')
  // Until somebody chooses: the draft against the current version, or the current against the one before.
  const [before, after] = [
    left ?? (draft.isChanged ? newest : String(versions[1]?.version ?? newest)),
    right ?? (draft.isChanged ? 'draft' : newest),
  ]
  const documents = useMemo(() => {
    const of = (key: string) =>
      key === 'draft'
        ? documentOf(document)
        : documentOf(versions.find(({ version }) => String(version) === key)!.document as object)
    return { before: of(before), after: of(after) }
  }, [before, after, versions, document])
  const changes = useMemo(() => compareProfiles(documents.before, documents.after), [documents])
  const choices = [
    ...(draft.isChanged ? [{ value: 'draft', label: words.draft }] : []),
    ...versions.map(({ version, createdAt, createdBy }, n) => ({
      value: String(version),
      label: (n === 0 ? words.optionCurrent : words.option)({ version, when: timeInWords(createdAt), who: createdBy }),
    })),
  ]
  const load = (version: Version) => draft.replace(print(documentOf(version.document as object)))
  return (
    <div className={css.compare}>
      <section aria-label={words.title} className={css.result}>
        <div className={css.pick}>
          <Select label={words.from} data={choices} value={before} allowDeselect={false} onChange={setLeft} />
          <Select label={words.to} data={choices} value={after} allowDeselect={false} onChange={setRight} />
          <SegmentedControl
            size="xs"
            aria-label={words.shape}
            value={shape}
            onChange={setShape}
            data={[
              { value: 'words', label: words.inWords },
              { value: 'json', label: words.asJson },
            ]}
          />
        </div>
        <p role="status" className={css.sum}>
          {before === after ? words.same : changes.length === 0 ? words.unchanged : words.changed(changes.length)}
        </p>
        {shape === 'words' && before !== after && <ChangeList changes={changes} />}
        {shape === 'json' && <JsonDiff before={print(documents.before)} after={print(documents.after)} />}
      </section>
      <section aria-label={text.versions}>
        <h2>{text.versions}</h2>
        <ol className={css.versions}>
          {versions.map((version, n) => (
            <li key={version.version}>
              <span>
                {text.version({ version: version.version })} {n === 0 && <span data-muted>({text.current})</span>}
                <br />
                <span data-muted>
                  <Time at={version.createdAt} /> · {version.createdBy}
                </span>
              </span>
              {mayEdit && (
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => load(version)}
                  aria-label={`${text.load}: ${text.version({ version: version.version })}`}
                >
                  {words.load}
                </Button>
              )}
            </li>
          ))}
        </ol>
      </section>
    </div>
  )
}

/** Both texts beside each other; what is equal and far from a change is folded away. */
function JsonDiff({ before, after }: { before: string; after: string }) {
  const [isWhole, setIsWhole] = useState(false)
  const rows = useMemo(() => diffLines(before, after), [before, after])
  const shown = useMemo(() => (isWhole ? rows : foldRows(rows)), [rows, isWhole])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, so the keyboard must reach them
    <div className={css.diff} dir="ltr" tabIndex={0} role="group" aria-label={words.asJson}>
      <table>
        <colgroup>
          <col className={css.numbers} />
          <col />
          <col className={css.numbers} />
          <col />
        </colgroup>
        <tbody>
          {shown.map((row, n) =>
            typeof row === 'number' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
              <tr key={n} data-kind="fold">
                <td colSpan={4}>
                  <button type="button" onClick={() => setIsWhole(true)}>
                    {words.folded(row)}
                  </button>
                </td>
              </tr>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
              <tr key={n} data-kind={row.kind}>
                <td>{row.left?.number}</td>
                <td>{row.left?.text}</td>
                <td>{row.right?.number}</td>
                <td>{row.right?.text}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  )
}
