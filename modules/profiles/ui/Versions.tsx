import { Button } from '@mantine/core'
import { ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useRead } from '../../../platform/react.tsx'
import css from './profile.module.css'
import { text } from './text.ts'

type VersionsProps = { profileId: string; current: number; mayManage: boolean; onLoad: (document: object) => void }

/** Every version there was; any can be taken up again. */
export function Versions({ profileId, current, mayManage, onLoad }: VersionsProps) {
  const versions = useRead('profiles.versions', { profileId })
  return (
    <section aria-label={text.versions}>
      <h2>{text.versions}</h2>
      <ProblemNotice error={versions.error} />
      {versions.isPending && !versions.error && <Waiting lines={2} />}
      <ol className={css.versions}>
        {versions.data?.items.map((version) => (
          <li key={version.version}>
            <span>
              {text.version(version.version)} {version.version === current && <span data-muted>({text.current})</span>}{' '}
              <span data-muted>
                <Time at={version.createdAt} /> · {version.createdBy}
              </span>
            </span>
            {mayManage && (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => onLoad(version.document as object)}
                aria-label={`${text.load}: ${text.version(version.version)}`}
              >
                {text.load}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
