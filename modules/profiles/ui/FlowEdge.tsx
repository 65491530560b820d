import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, useStore } from '@xyflow/react'
import { number } from '../../../platform/react/i18n.ts'
import type { EdgeData } from './FlowGraph.tsx'
import css from './flow.module.css'
import { lineWidth } from './traffic.ts'

/** A move: plain while drawing, as wide as its number of moves in a replay; what the flow refuses is red and dashed. */
export function FlowEdge({ id, data, selected }: EdgeProps<Edge<EdgeData>>) {
  const { path, label, isBack, count, isRefused, marks } = data!
  const most = useStore((store) => Math.max(1, ...store.edges.map((edge) => (edge.data as EdgeData | undefined)?.count ?? 0)))
  const mark = marks[0]
  const kind = isRefused ? 'refused' : mark?.kind === 'error' ? 'error' : selected ? 'chosen' : 'plain'
  const width = count === undefined ? undefined : lineWidth(count, most)
  return (
    <>
      <g
        className={css.edge}
        data-kind={kind}
        data-back={isBack || undefined}
        data-unused={count === 0 || undefined}
        data-selected={selected || undefined}
      >
        <BaseEdge id={id} path={path} markerEnd={`url(#flow-${kind})`} interactionWidth={16} style={{ strokeWidth: width }} />
      </g>
      {(count || mark) && (
        <EdgeLabelRenderer>
          <div
            className={css.label}
            data-kind={mark ? mark.kind : kind}
            style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
            title={mark?.message}
          >
            {mark ? '!' : count && number(count)}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
}
