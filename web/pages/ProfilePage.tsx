import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { roles } from '../../modules/identity/contract.ts'
import { ProfileEditor } from '../../modules/profiles/ui/ProfileEditor.tsx'
import type { FormProps } from '../../modules/profiles/ui/SimulateView.tsx'
import { permissionsOf } from '../../modules/roles.ts'
import { Migration } from '../../modules/tasks/ui/Migration.tsx'
import { useDirectory } from '../../modules/tasks/ui/names.ts'
import { TaskForm } from '../../modules/tasks/ui/TaskForm.tsx'
import { ProblemNotice, Waiting } from '../../platform/react/page.tsx'
import { useMay, useRead } from '../../platform/react.tsx'

/** A profile and, beside it, the tasks that still follow an older version of it. */
export default function ProfilePage() {
  const { id } = useParams({ from: '/shell/profiles/$id' })
  const may = useMay()
  const profile = useRead('profiles.get', { profileId: id })
  // Loading what is saved starts the editor anew; nothing else may take a draft away.
  const [take, setTake] = useState(0)
  if (!profile.data) {
    return (
      <div style={{ maxWidth: 760, padding: 24 }}>
        {profile.error ? <ProblemNotice error={profile.error} /> : <Waiting lines={8} />}
      </div>
    )
  }
  return (
    <ProfileEditor
      key={`${id} ${take}`}
      profile={profile.data}
      mayManage={may('profiles.manage')}
      trial={trial}
      migration={<Migration profileId={id} mayManage={may('profiles.manage')} />}
      onReload={() => profile.refetch().then(() => setTake(take + 1))}
    />
  )
}

/** The form of a ticket as the desk has it, for a ticket that is only tried out. */
function TrialForm(props: FormProps) {
  const { people } = useDirectory()
  return <TaskForm {...props} people={people} />
}

const trial = {
  form: (props: FormProps) => <TrialForm {...props} />,
  roles: roles
    .filter((name) => name !== 'SuperAdmin')
    .map((name) => ({ name, permissions: permissionsOf(name) as ReadonlySet<string> })),
}
