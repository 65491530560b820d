import { lazy, Suspense } from 'react'
import type { Panel } from '../../modules/tasks/ui/TaskList.tsx'
import { TaskListPage } from '../../modules/tasks/ui/TaskListPage.tsx'

const TaskPanel = lazy(() => import('./TaskPanel.tsx'))

const panel: Panel = (props) => (
  <Suspense fallback={null}>
    <TaskPanel {...props} />
  </Suspense>
)

/** All tasks, and beside them the one that is looked at. */
export default function TasksPage() {
  return <TaskListPage panel={panel} />
}
