import { Empty } from '../../../platform/react/page.tsx'
import { useMe } from '../../../platform/react.tsx'
import { text } from './text.ts'

/** A SuperAdmin gets to these pages from anywhere; only a provider has clients. */
export function useIsProvider() {
  return useMe()?.organization?.isMsp === true
}

export const NotAProvider = () => <Empty title={text.notProvider}>{text.notProviderBody}</Empty>
