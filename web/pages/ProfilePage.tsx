import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ProfileEditor } from '../../modules/profiles/ui/ProfileEditor.tsx'
import { Migration } from '../../modules/tasks/ui/Migration.tsx'
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
      migration={<Migration profileId={id} mayManage={may('profiles.manage')} />}
      onReload={() => profile.refetch().then(() => setTake(take + 1))}
    />
  )
}
