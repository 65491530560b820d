import { Button, Checkbox, Radio, Select } from '@mantine/core'
import { useState } from 'react'
import type { Input, Output } from '../../../platform/client.ts'
import { Notice, ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import css from './agents.module.css'
import { text } from './text.ts'

const words = text.consent
type Asked = Omit<Input<'agents.describe-consent'>, 'organizationId'>
type Shown = Output<'agents.describe-consent'>

type ConsentProps = { asked: Asked; shown: Shown; onOrganization: (id: string) => void }

/** Who asks, where the answer goes, and how much of oneself to lend. */
export function Consent({ asked, shown, onOrganization }: ConsentProps) {
  const before = shown.remembered
  const [mayWrite, setMayWrite] = useState(before?.mayWrite ?? shown.asksToWrite)
  const [tools, setTools] = useState<string[] | null>(before?.tools ?? null)
  const [problem, setProblem] = useState<unknown>(null)
  const [answered, setAnswered] = useState(false)
  const change = useChange()
  const answer = (allow: boolean) =>
    change('agents.consent', {
      ...asked,
      allow,
      ...(shown.organizationId && { organizationId: shown.organizationId }),
      mayWrite,
      tools,
    })
      .then(({ redirectTo }) => {
        setAnswered(true)
        window.location.assign(redirectTo)
      })
      .catch(setProblem)
  if (answered) return <Notice live>{words.done}</Notice>
  return (
    <>
      <ProblemNotice error={problem} />
      <dl className={css.facts}>
        <div>
          <dt>{words.name}</dt>
          <dd>
            <bdi>{shown.client.name}</bdi>
          </dd>
          <dd data-muted>{words.unproved}</dd>
        </div>
        <div>
          <dt>{words.host}</dt>
          <dd className={css.host}>{shown.redirectHost}</dd>
          {!shown.redirectHost.includes('.') && <dd data-muted>{words.local}</dd>}
        </div>
      </dl>
      {before && <Notice>{words.before}</Notice>}
      <Select
        label={words.organization}
        data={shown.organizations.map(({ id, name }) => ({ value: id, label: name }))}
        value={shown.organizationId}
        allowDeselect={false}
        searchable
        onChange={(id) => id && onOrganization(id)}
      />
      <Radio.Group label={words.may} value={mayWrite ? 'write' : 'read'} onChange={(value) => setMayWrite(value === 'write')}>
        <div className={css.tools}>
          <Radio value="read" label={words.read} />
          <Radio value="write" label={words.write} disabled={!shown.asksToWrite} />
        </div>
      </Radio.Group>
      <Radio.Group
        label={words.tools}
        value={tools ? 'some' : 'all'}
        onChange={(value) => setTools(value === 'all' ? null : offered(shown, mayWrite))}
      >
        <div className={css.tools}>
          <Radio value="all" label={words.allTools} />
          <Radio value="some" label={words.someTools} />
        </div>
      </Radio.Group>
      {tools && <ToolChoice shown={shown} mayWrite={mayWrite} tools={tools} setTools={setTools} />}
      <div className={css.actions}>
        <Button variant="default" onClick={() => answer(false)}>
          {words.deny}
        </Button>
        <Button onClick={() => answer(true)} disabled={tools?.length === 0}>
          {words.allow}
        </Button>
      </div>
    </>
  )
}

const offered = (shown: Shown, mayWrite: boolean) =>
  shown.tools.filter((tool) => mayWrite || !tool.writes).map((tool) => tool.name)

type ToolChoiceProps = { shown: Shown; mayWrite: boolean; tools: string[]; setTools: (tools: string[]) => void }

function ToolChoice({ shown, mayWrite, tools, setTools }: ToolChoiceProps) {
  return (
    <Checkbox.Group value={tools} onChange={setTools} aria-label={words.someTools} error={tools.length === 0 && words.none}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls, so the keyboard must reach it */}
      <div className={css.tools} role="group" aria-label={words.someTools} tabIndex={0}>
        {shown.tools
          .filter((tool) => mayWrite || !tool.writes)
          .map((tool) => (
            <Checkbox
              key={tool.name}
              value={tool.name}
              label={tool.summary}
              description={tool.writes ? words.changes : undefined}
            />
          ))}
      </div>
    </Checkbox.Group>
  )
}
