import '@xyflow/react/dist/base.css'
import {
  type Connection,
  Controls,
  type Edge,
  MiniMap,
  type Node,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import { useEffect, useMemo, useRef } from 'react'
import type { CompiledProfile } from '../contract.ts'
import { FlowEdge } from './FlowEdge.tsx'
import { FlowNode } from './FlowNode.tsx'
import { type Mark, placeKey, type Selection } from './findings.ts'
import css from './flow.module.css'
import { bow, box, type Layout, layout } from './flow-layout.ts'
import { text } from './text.ts'
import { type Traffic, trafficKey } from './traffic.ts'

const labels = {
  'controls.zoomIn.ariaLabel': text.graph.zoomIn,
  'controls.zoomOut.ariaLabel': text.graph.zoomOut,
  'controls.fitView.ariaLabel': text.graph.fit,
}

export type FlowGraphProps = {
  profile: CompiledProfile
  selection: Selection
  onSelect: (selection: Selection) => void
  marks?: ReadonlyMap<string, readonly Mark[]>
  /** Moves of a log, drawn by how many there were. */
  traffic?: Traffic
  /** Without these the picture is only looked at. */
  onConnect?: (from: number, to: number) => void
  onDelete?: (selection: NonNullable<Selection>) => void
}

export type NodeData = { profile: CompiledProfile; index: number; marks: readonly Mark[]; mayConnect: boolean }
export type EdgeData = {
  path: string
  label: { x: number; y: number }
  isBack: boolean
  count?: number
  isRefused?: boolean
  marks: readonly Mark[]
}

const nodeTypes = { state: FlowNode }
const edgeTypes = { move: FlowEdge }
const none: readonly Mark[] = []
/** The least magnification at which names can be read; a telephone is held nearer. */
const readable = (paneWidth: number) => (paneWidth < 500 ? 0.42 : 0.62)
const many = 20

/** The flow as a graph: states to select, arrows to draw from one to the other. Laid out by itself. */
export default function FlowGraph(props: FlowGraphProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  )
}

function Graph({ profile, selection, onSelect, marks, traffic, onConnect, onDelete }: FlowGraphProps) {
  const picture = useMemo(() => layout(profile), [profile])
  const nodes = useNodes(profile, picture, selection, marks, onConnect !== undefined)
  const edges = useEdges(profile, picture, selection, marks, traffic)
  useView(picture, selection)

  const indexOf = (id: string) => Number(id.slice(1))
  const connect = ({ source, target }: Connection) => onConnect?.(indexOf(source), indexOf(target))
  const isNew = ({ source, target }: Connection | Edge) =>
    source !== target && !profile.states[indexOf(source)]?.next.includes(profile.states[indexOf(target)]!)
  const select = (key: string) => {
    const [from, to] = key.split(' ').map(Number)
    onSelect(to === undefined ? { kind: 'state', index: from! } : { kind: 'move', from: from!, to })
  }
  return (
    <ReactFlow
      className={css.graph}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      dir="ltr"
      ariaLabelConfig={labels}
      aria-label={text.flowLabel({ name: profile.name })}
      nodesDraggable={false}
      nodesConnectable={onConnect !== undefined}
      edgesFocusable={false}
      elementsSelectable
      disableKeyboardA11y={false}
      multiSelectionKeyCode={null}
      selectionKeyCode={null}
      deleteKeyCode={null}
      zoomActivationKeyCode={['Control', 'Meta']}
      zoomOnScroll={false}
      zoomOnDoubleClick={false}
      preventScrolling={false}
      minZoom={0.15}
      maxZoom={1.6}
      onConnect={connect}
      isValidConnection={isNew}
      onNodeClick={(_, node) => select(node.id.slice(1))}
      onEdgeClick={(_, edge) => select(edge.id)}
      onPaneClick={() => onSelect(null)}
      onNodesChange={(changes) => {
        for (const change of changes) if (change.type === 'select' && change.selected) select(change.id.slice(1))
      }}
      onKeyDown={(event) => {
        if ((event.key === 'Delete' || event.key === 'Backspace') && selection && onDelete) onDelete(selection)
        if (event.key === 'Escape') onSelect(null)
      }}
    >
      <svg className={css.markers} aria-hidden="true">
        <defs>
          {['plain', 'chosen', 'refused', 'error'].map((kind) => (
            <marker
              key={kind}
              id={`flow-${kind}`}
              viewBox="0 0 8 8"
              refX="5"
              refY="4"
              markerWidth="9"
              markerHeight="9"
              markerUnits="userSpaceOnUse"
              orient="auto-start-reverse"
            >
              <path d="M0 0.6 7 4 0 7.4z" data-kind={kind} />
            </marker>
          ))}
        </defs>
      </svg>
      <Controls position="top-right" showInteractive={false} aria-label={text.graph.view} />
      {profile.states.length > many && <MiniMap pannable zoomable ariaLabel={text.graph.map} nodeColor="var(--edge)" />}
    </ReactFlow>
  )
}

function useNodes(
  profile: CompiledProfile,
  picture: Layout,
  selection: Selection,
  marks: FlowGraphProps['marks'],
  mayConnect: boolean,
) {
  return useMemo(
    () =>
      picture.nodes.map(({ index, x, y }): Node<NodeData> => {
        const own = marks?.get(`${index}`) ?? none
        const { width, height } = box
        return {
          id: `s${index}`,
          type: 'state',
          position: { x, y },
          width,
          height,
          measured: { width, height },
          handles: [
            { type: 'target', position: Position.Top, x: 0, y: 0, width, height },
            { type: 'source', position: Position.Bottom, x: width / 2 - 8, y: height - 8, width: 16, height: 16 },
          ],
          data: { profile, index, marks: own, mayConnect },
          selected: selection?.kind === 'state' && selection.index === index,
          ariaRole: 'button',
          domAttributes: { 'aria-roledescription': undefined, 'aria-describedby': undefined } as never,
        }
      }),
    [profile, picture, selection, marks, mayConnect],
  )
}

function useEdges(
  profile: CompiledProfile,
  picture: Layout,
  selection: Selection,
  marks: FlowGraphProps['marks'],
  traffic: Traffic | undefined,
) {
  return useMemo(() => {
    const edge = (from: number, to: number, data: Omit<EdgeData, 'marks'>): Edge<EdgeData> => {
      const isChosen =
        selection?.kind === 'state'
          ? selection.index === from || selection.index === to
          : selection?.from === from && selection.to === to
      return {
        id: placeKey({ kind: 'move', from, to }),
        type: 'move',
        source: `s${from}`,
        target: `s${to}`,
        ariaLabel: text.panel.move({ from: profile.states[from]!.status, to: profile.states[to]!.status }),
        data: { ...data, marks: marks?.get(`${from} ${to}`) ?? none },
        selected: isChosen,
        zIndex: isChosen ? 2 : data.isRefused ? 1 : 0,
      }
    }
    const name = (index: number) => profile.states[index]!.key
    const drawn = picture.ways.map(({ from, to, path, label, isBack }) => {
      const seen = traffic?.moves.get(trafficKey(name(from), name(to)))
      return edge(from, to, { path, label, isBack, ...(traffic && { count: seen?.count ?? 0 }) })
    })
    const index = new Map(profile.states.map(({ key }, n) => [key, n]))
    const refused = [...(traffic?.moves.values() ?? [])].flatMap(({ from, to, count, accepted }) => {
      const [a, b] = [picture.nodes[index.get(from) ?? -1], picture.nodes[index.get(to) ?? -1]]
      const isKnown = a && b && !profile.states[a.index]!.next.includes(profile.states[b.index]!)
      return isKnown ? [edge(a.index, b.index, { ...bow(a, b), isBack: false, count, isRefused: !accepted })] : []
    })
    return [...drawn, ...refused]
  }, [profile, picture, selection, marks, traffic])
}

/** All of it where it stays readable, else the start; and never a selected state out of sight. */
function useView({ nodes, width, height }: Layout, selection: Selection) {
  const { setViewport, setCenter, getViewport } = useReactFlow()
  const [paneWidth, paneHeight] = [useStore((store) => store.width), useStore((store) => store.height)]
  const count = nodes.length
  const latest = useRef(nodes)
  latest.current = nodes
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view stays put while arrows are drawn
  useEffect(() => {
    if (paneWidth === 0) return
    const fit = Math.min(1, paneWidth / width, paneHeight / height)
    const zoom = Math.max(fit, readable(paneWidth))
    const start = nodes.find(({ row }) => row === 0)
    const x =
      fit === zoom || paneWidth / zoom > width
        ? (paneWidth - width * zoom) / 2
        : paneWidth / 2 - (start!.x + box.width / 2) * zoom
    setViewport({ x, y: Math.max(4, Math.min(24, (paneHeight - height * zoom) / 2)), zoom })
  }, [paneWidth, paneHeight, count, setViewport])
  const chosen = selection?.kind === 'state' ? selection.index : null
  useEffect(() => {
    const node = chosen === null ? undefined : latest.current[chosen]
    if (!node || paneWidth === 0) return
    const { x, y, zoom } = getViewport()
    const [left, top] = [node.x * zoom + x, node.y * zoom + y]
    const isSeen = left >= 0 && top >= 0 && left + box.width * zoom <= paneWidth && top + box.height * zoom <= paneHeight
    if (!isSeen) setCenter(node.x + box.width / 2, node.y + box.height / 2, { zoom })
  }, [chosen, paneWidth, paneHeight, getViewport, setCenter])
}
