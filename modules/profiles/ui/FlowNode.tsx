import { Handle, type Node, type NodeProps, Position, useConnection } from '@xyflow/react'
import { StateShape, stateName } from '../../../platform/react/marks.tsx'
import { listed } from '../../../platform/react/words.ts'
import type { NodeData } from './FlowGraph.tsx'
import { flagsOf } from './flags.ts'
import css from './flow.module.css'
import { text } from './text.ts'

/** A state: shape and colour of its category, name, and what entering it does. */
export function FlowNode({ id, data, selected }: NodeProps<Node<NodeData>>) {
  const { profile, index, marks, mayConnect } = data
  const state = profile.states[index]!
  const flags = flagsOf(state)
  const isTarget = useConnection((connection) => connection.inProgress && connection.fromNode.id !== id)
  const worst = marks.some(({ kind }) => kind === 'error') ? 'error' : marks.length > 0 ? 'warning' : undefined
  return (
    <div
      className={css.node}
      data-category={state.category}
      data-selected={selected || undefined}
      data-initial={state.isInitial || undefined}
      data-terminal={state.isTerminal || undefined}
      data-mark={worst}
      data-target={isTarget || undefined}
      title={[state.status, ...flags, ...marks.map(({ message }) => message)].join('\n')}
    >
      <div className={css.name}>
        <StateShape category={state.category} />
        <span dir="auto">
          {stateName(state.status)}
          <span data-sr>, </span>
        </span>
        {worst && <b data-kind={worst}>{marks.length > 1 ? `! ${marks.length}` : '!'}</b>}
      </div>
      <div className={css.flags}>{flags.join(' · ')}</div>
      <span data-sr>
        {state.nextNames.length > 0
          ? text.graph.shape({ category: text.categories[state.category], next: listed(state.nextNames) })
          : text.graph.shapeFinal({ category: text.categories[state.category] })}
        {marks.length > 0 && text.graph.findings(marks.length)}
      </span>
      <Handle
        type="target"
        position={Position.Top}
        className={css.target}
        isConnectableStart={false}
        isConnectable={mayConnect}
      />
      <Handle type="source" position={Position.Bottom} className={css.source} isConnectable={mayConnect} />
    </div>
  )
}
