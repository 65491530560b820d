import { Button } from '@mantine/core'
import { IconChartBar, IconTable } from '@tabler/icons-react'
import { useEffect } from 'react'
import { PriorityMark, stateName } from '../../../platform/react/marks.tsx'
import { Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { isTyping, useKept, useShortcutsOn } from '../../../platform/react/preferences.ts'
import { useMe, useRead } from '../../../platform/react.tsx'
import { BarList } from './BarList.tsx'
import { Days } from './Days.tsx'
import css from './dashboard.module.css'
import { FirstSteps } from './FirstSteps.tsx'
import { MyWork } from './MyWork.tsx'
import { Numbers } from './Numbers.tsx'
import { text } from './text.ts'

const words = text.dashboard

/** The landing page: how the desk stands, what is mine, and how it develops. Every number opens the list behind it. */
export default function DashboardPage() {
  const read = useRead('tasks.dashboard', {})
  const isQuiet = read.data?.numbers.every(({ count }) => count === 0) ?? false
  const all = useRead('tasks.count', {}, { enabled: isQuiet })
  const [kept, keepTables] = useKept('dashboard.tables', '')
  const asTable = kept === 'on'
  useTableKey(() => keepTables(asTable ? null : 'on'))
  const data = read.data
  const order = useMe()?.organization?.priorities ?? []
  const rank = (priority: string) => order.indexOf(priority) >>> 0
  const isEmpty = isQuiet && all.data?.count === 0
  return (
    <Page
      title={words.title}
      wide
      actions={
        data &&
        !isEmpty && (
          <Button
            size="compact-md"
            variant="default"
            leftSection={asTable ? <IconChartBar size={16} /> : <IconTable size={16} />}
            aria-pressed={asTable}
            aria-keyshortcuts="t"
            title={words.tablesHelp}
            onClick={() => keepTables(asTable ? null : 'on')}
          >
            {words.tables}
          </Button>
        )
      }
    >
      <ProblemNotice error={read.error} />
      {!data && !read.error && <Waiting lines={10} />}
      {isEmpty && <FirstSteps />}
      {data && !isEmpty && (
        <div className={css.board}>
          <Numbers numbers={data.numbers} />
          <div className={css.pair}>
            <MyWork />
            <Days days={data.days} asTable={asTable} />
          </div>
          <div className={css.charts}>
            <BarList
              title={words.ageing}
              slices={data.ageing}
              asTable={asTable}
              nameOf={(name) => capital(words.ages[name] ?? name)}
            />
            <BarList
              title={words.priority}
              slices={data.byPriority.toSorted((a, b) => rank(a.name) - rank(b.name))}
              asTable={asTable}
              nameOf={(name) => <PriorityMark priority={name} />}
            />
            <BarList title={words.state} slices={data.byState} asTable={asTable} nameOf={stateName} />
            <BarList title={words.category} slices={data.byCategory} asTable={asTable} />
          </div>
        </div>
      )}
    </Page>
  )
}

/** `t` turns all pictures into tables and back. */
function useTableKey(onToggle: () => void) {
  const on = useShortcutsOn()
  useEffect(() => {
    if (!on) return
    const listen = (event: KeyboardEvent) => {
      if (event.key === 't' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) onToggle()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [on, onToggle])
}

const capital = (words: string) => words.slice(0, 1).toUpperCase() + words.slice(1)
