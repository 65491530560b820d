import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ProblemResponse } from '../../platform/client.ts'
import { messageOf, Notice } from '../../platform/react/page.tsx'
import { signIn } from '../session.ts'
import { text } from '../text.ts'
import { Door } from './Door.tsx'

/** E-mail and password; afterwards back to the page that asked. */
export default function SignInPage() {
  const search = useSearch({ from: '/sign-in' })
  const router = useRouter()
  const cache = useQueryClient()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await signIn(email.trim(), password)
      cache.clear()
      // Only our own paths: never a foreign site or a scheme.
      const back = search.return?.match(/^\/(?![/\\]).*/) ? search.return : '/'
      router.history.push(back)
    } catch (error) {
      const status = error instanceof ProblemResponse ? error.status : null
      setProblem(status === 401 || status === 403 ? text.signIn.wrong : status === 429 ? text.signIn.many : messageOf(error))
      setBusy(false)
    }
  }

  return (
    <Door
      title={text.signIn.title}
      lead={search.return && search.return !== '/' ? text.signIn.expired : undefined}
      onSubmit={submit}
    >
      {problem && (
        <Notice kind="problem" live>
          {problem}
        </Notice>
      )}
      <TextInput
        label={text.signIn.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        withAsterisk={false}
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={text.signIn.password}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy}>
        {text.signIn.submit}
      </Button>
    </Door>
  )
}
