import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { signInByPassword } from '../../modules/identity/ui/doors.ts'
import { ProblemResponse } from '../../platform/client.ts'
import { Notice, ProblemNotice } from '../../platform/react/page.tsx'
import { isSetUp, setUp } from '../session.ts'
import { text } from '../text.ts'
import { Door } from './Door.tsx'

const empty = { name: '', email: '', password: '', organizationName: '' }

/** The first start: the first account and the first organization, by the link the server printed. */
export default function SetupPage() {
  const { token } = useSearch({ from: '/setup' })
  const navigate = useNavigate()
  const cache = useQueryClient()
  const [values, setValues] = useState(empty)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const words = text.setup
  const done = useQuery({ queryKey: ['setup'], queryFn: isSetUp, staleTime: 0 }).data === true && !busy

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await setUp({ token: token ?? '', ...values })
      await signInByPassword(values.email, values.password)
      cache.clear()
      navigate({ to: '/tasks' })
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }

  const errors = problem instanceof ProblemResponse ? (problem.body.errors ?? []) : []
  const field = (name: keyof typeof empty, label: string) => ({
    name,
    label,
    required: true,
    withAsterisk: false,
    value: values[name],
    error: errors.find((each) => each.pointer === `#/${name}`)?.detail,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setValues((before) => ({ ...before, [name]: value }))
    },
  })

  return (
    <Door title={words.title} lead={token && !done ? words.lead : undefined} onSubmit={submit}>
      {done && (
        <Notice kind="info">
          {words.done} <Link to="/sign-in">{words.signIn}</Link>
        </Notice>
      )}
      {!token && !done && <Notice kind="warning">{words.noToken}</Notice>}
      <ProblemNotice error={problem} />
      {token && !done && (
        <>
          <TextInput {...field('organizationName', words.organization)} autoComplete="organization" autoFocus />
          <TextInput {...field('name', words.name)} autoComplete="name" />
          <TextInput {...field('email', words.email)} type="email" autoComplete="username" />
          <PasswordInput
            {...field('password', words.password)}
            description={words.passwordHelp}
            minLength={12}
            autoComplete="new-password"
          />
          <Button type="submit" loading={busy}>
            {words.submit}
          </Button>
        </>
      )}
    </Door>
  )
}
