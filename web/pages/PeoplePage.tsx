import { PeoplePage as Page } from '../../modules/people/ui/PeoplePage.tsx'
import { MergePeople } from '../../modules/tasks/ui/MergePeople.tsx'

/** People without a login; merging two concerns their tickets. */
export default function PeoplePage() {
  return <Page Merge={MergePeople} />
}
