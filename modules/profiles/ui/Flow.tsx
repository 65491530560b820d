import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import { StateMark, StateShape, stateName } from '../../../platform/react/marks.tsx'
import { DataTable } from '../../../platform/react/page.tsx'
import { type CompiledProfile, type CompiledState, compileProfile, type TaskerProfile } from '../contract.ts'
import { box, layout } from './flow-layout.ts'
import css from './profile.module.css'
import { text } from './text.ts'

/** The states of a profile and the ways between them: a picture, and the same as a table. */
export function Flow({ document }: { document: TaskerProfile }) {
  const [shape, setShape] = useState('picture')
  const profile = useMemo(() => compileProfile(document), [document])
  return (
    <section aria-label={text.flow}>
      <div className={css.sectionHead}>
        <h2>{text.flow}</h2>
        <SegmentedControl
          size="xs"
          aria-label={text.flow}
          value={shape}
          onChange={setShape}
          data={[
            { value: 'picture', label: text.picture },
            { value: 'table', label: text.table },
          ]}
        />
      </div>
      {shape === 'picture' ? <Picture profile={profile} /> : <FlowTable profile={profile} />}
    </section>
  )
}

function Picture({ profile }: { profile: CompiledProfile }) {
  const { nodes, edges, width, height } = useMemo(() => layout(profile), [profile])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide flow scrolls, so the keyboard must reach it
    <div className={css.picture} tabIndex={0} role="region" aria-label={text.flowLabel(profile.name)}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={text.flowLabel(profile.name)}>
        <defs>
          <marker
            id="flow-arrow"
            viewBox="0 0 8 8"
            refX="6"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M0 0.8 7 4 0 7.2z" className={css.arrow} />
          </marker>
        </defs>
        {edges.map(({ from, to, path, isBack }) => (
          <path
            key={`${from.state.key} ${to.state.key}`}
            d={path}
            className={isBack ? `${css.edge} ${css.back}` : css.edge}
            markerEnd="url(#flow-arrow)"
          />
        ))}
        {nodes.map(({ state, x, y }) => (
          <g key={state.key} transform={`translate(${x} ${y})`} className={css.node} data-category={state.category}>
            <title>{describe(state)}</title>
            <rect width={box.width} height={box.height} rx="7" />
            <g transform="translate(9 10)">
              <StateShape category={state.category} />
            </g>
            <text x="27" y="20.5">
              {short(stateName(state.status))}
            </text>
          </g>
        ))}
      </svg>
    </div>
  )
}

const short = (name: string) => (name.length > 15 ? `${name.slice(0, 14)}…` : name)

const effects = (state: CompiledState) =>
  [
    state.pausesSla && text.pauses,
    state.setSlaResponded && text.responds,
    state.setSlaResolved && text.resolves,
    state.setClosedAt && text.closes,
  ]
    .filter((each) => typeof each === 'string')
    .join(', ')

const describe = (state: CompiledState) => `${state.status} → ${state.nextNames.join(', ') || '–'}`

function FlowTable({ profile }: { profile: CompiledProfile }) {
  return (
    <DataTable label={text.flowLabel(profile.name)} head={[...text.flowHead]}>
      {profile.states.map((state) => (
        <tr key={state.key}>
          <td>
            <StateMark status={state.status} category={state.category} />{' '}
            {state.isInitial && <span data-muted>({text.initial})</span>}
          </td>
          <td>{state.category}</td>
          <td>{state.nextNames.map(stateName).join(', ') || '–'}</td>
          <td>{state.requiredFields.map(({ label }) => label).join(', ')}</td>
          <td>{effects(state)}</td>
        </tr>
      ))}
    </DataTable>
  )
}
