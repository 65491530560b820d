import { Button } from '@mantine/core'
import { IconFileImport, IconPlus, IconRoute } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange, useMay, useMe, useRead } from '../../../platform/react.tsx'
import css from './dashboard.module.css'
import { text } from './text.ts'

const words = text.dashboard.first

/** What to do in an organization where nothing has happened yet. */
export function FirstSteps() {
  const me = useMe()
  const may = useMay()
  const change = useChange()
  const profiles = useRead('profiles.list', {}, { enabled: may('profiles.read') }).data?.items
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const seed = async () => {
    setBusy(true)
    await change('profiles.seed-defaults', {}).catch(setProblem)
    setBusy(false)
  }
  return (
    <section className={css.first}>
      <h2>{words.title({ organization: me?.organization?.name ?? '' })}</h2>
      <p data-muted>{words.lead}</p>
      <ProblemNotice error={problem} />
      <ul className={css.steps}>
        {may('tasks.write') && (
          <li className={css.card}>
            <IconPlus size={22} stroke={1.6} aria-hidden="true" />
            <p>{words.createBody}</p>
            <Button component={Link} to="/tasks/new">
              {words.create}
            </Button>
          </li>
        )}
        {may('profiles.read') && profiles && (
          <li className={css.card}>
            <IconRoute size={22} stroke={1.6} aria-hidden="true" />
            <p>{words.profilesBody}</p>
            {profiles.length === 0 && may('profiles.manage') ? (
              <Button variant="default" onClick={seed} loading={busy}>
                {words.profiles}
              </Button>
            ) : (
              <Link to="/profiles">{words.profilesDone(profiles.length)}</Link>
            )}
          </li>
        )}
        {may('imports.run') && (
          <li className={css.card}>
            <IconFileImport size={22} stroke={1.6} aria-hidden="true" />
            <p>{words.importsBody}</p>
            <Button component={Link} to="/imports" variant="default">
              {words.imports}
            </Button>
          </li>
        )}
      </ul>
    </section>
  )
}
