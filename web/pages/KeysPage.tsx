import { LastUse, LimitsOfKey } from '../../modules/agents/ui/KeyUse.tsx'
import { KeysPage as Page } from '../../modules/identity/ui/KeysPage.tsx'

/** The keys, each with its use and its limits. */
export default function KeysPage() {
  return <Page LastUse={LastUse} Limits={LimitsOfKey} />
}
