import { useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Consent } from '../../modules/agents/ui/Consent.tsx'
import { text } from '../../modules/agents/ui/text.ts'
import { ProblemNotice, Waiting } from '../../platform/react/page.tsx'
import { useRead } from '../../platform/react.tsx'
import { Door } from './Door.tsx'

const words = text.consent

/** A program asks to be connected (OAuth): the person says yes or no, and the browser goes back to the program. */
export default function ConnectPage() {
  const given = useSearch({ from: '/connect' })
  const [organizationId, setOrganizationId] = useState<string>()
  const asked = {
    clientId: given.client_id ?? '',
    redirectUri: given.redirect_uri ?? '',
    responseType: given.response_type,
    codeChallenge: given.code_challenge,
    codeChallengeMethod: given.code_challenge_method,
    scope: given.scope,
    state: given.state,
    resource: given.resource,
  }
  const shown = useRead('agents.describe-consent', { ...asked, organizationId }, { keepPrevious: true })
  const refusedAt = shown.data?.refusedAt
  useEffect(() => {
    if (refusedAt) window.location.assign(refusedAt)
  }, [refusedAt])
  const title = shown.error ? words.refused : shown.data ? words.title({ client: shown.data.client.name }) : words.waiting
  return (
    <Door title={title} lead={shown.data && words.lead} onSubmit={(event) => event.preventDefault()}>
      <ProblemNotice error={shown.error} />
      {shown.isPending && !shown.error && <Waiting />}
      {shown.data && !refusedAt && (
        <Consent key={shown.data.organizationId} asked={asked} shown={shown.data} onOrganization={setOrganizationId} />
      )}
    </Door>
  )
}
