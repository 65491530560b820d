/**
 * A log of status changes as the moves it holds, without a judgement: small however long the log was, and judged anew against every
 * draft. The judgement is the one of `createReplay`.
 */
import { type CompiledProfile, mapLogState, type ReplayEvent, type ReplayPreset, statusKey, wayOf } from '../contract.ts'
import { type Traffic, type TrafficMove, trafficKey } from './traffic.ts'

export type LoggedMove = { from: string; to: string; count: number }
/** Cases that began in the same state and made the same moves, by their indexes. */
export type LoggedWay = { first: string | null; moves: number[]; cases: number }
export type MoveLog = { moves: LoggedMove[]; ways: LoggedWay[]; cases: number; events: number }

/** Collects the moves of a log, event by event. */
export class MoveCollector {
  private preset: ReplayPreset
  private names = new Map<string, string>()
  private moves = new Map<string, LoggedMove & { index: number }>()
  private cases = new Map<string, { at: string; first: string; moves: Set<number> }>()
  private events = 0

  constructor(preset: ReplayPreset) {
    this.preset = preset
  }

  add({ case: id, status }: ReplayEvent): void {
    this.events++
    const word = mapLogState(status, this.preset)
    if (word === null) return
    const key = statusKey(word)
    if (!this.names.has(key)) this.names.set(key, word)
    const seen = this.cases.get(id)
    if (!seen) this.cases.set(id, { at: key, first: key, moves: new Set() })
    else if (seen.at !== key) {
      seen.moves.add(this.count(seen.at, key))
      seen.at = key
    }
  }

  result(): MoveLog {
    const name = (key: string) => this.names.get(key)!
    const ways = new Map<string, LoggedWay>()
    for (const { first, moves } of this.cases.values()) {
      const list = [...moves].sort((a, b) => a - b)
      const key = `${first}\n${list.join()}`
      const way = ways.get(key) ?? { first: name(first), moves: list, cases: 0 }
      way.cases++
      ways.set(key, way)
    }
    const moves = [...this.moves.values()].map(({ from, to, count }) => ({ from: name(from), to: name(to), count }))
    return { moves, ways: [...ways.values()], cases: this.cases.size, events: this.events }
  }

  private count(from: string, to: string): number {
    const key = `${from}\n${to}`
    const move = this.moves.get(key) ?? { from, to, count: 0, index: this.moves.size }
    move.count++
    this.moves.set(key, move)
    return move.index
  }
}

export type JudgedMove = LoggedMove & { accepted: boolean }
export type Judgement = {
  accepted: number
  refused: number
  cases: number
  casesWhollyLegal: number
  moves: JudgedMove[]
  unknownStates: string[]
  traffic: Traffic
}

/** What a profile says to the moves of a log. `states` says what words of the log mean that are no states of the profile. */
export function judgeLog(
  profile: CompiledProfile,
  log: MoveLog,
  preset: ReplayPreset,
  states: Readonly<Record<string, string>> = {},
): Judgement {
  const meant = (word: string) => profile.state(word) ?? profile.state(states[word])
  const verdicts = log.moves.map((move) => {
    const [from, to] = [meant(move.from), meant(move.to)]
    // Two words for one state are no move.
    if (from && from === to) return null
    const accepted = from !== undefined && to !== undefined && wayOf(profile, preset.ways, from, to) !== null
    return { from: from?.status ?? move.from, to: to?.status ?? move.to, count: move.count, accepted }
  })
  const merged = new Map<string, JudgedMove>()
  for (const move of verdicts) {
    if (!move) continue
    const key = trafficKey(statusKey(move.from), statusKey(move.to))
    const seen = merged.get(key)
    if (seen) seen.count += move.count
    else merged.set(key, { ...move })
  }
  const moves = [...merged.values()].sort((a, b) => b.count - a.count || a.from.localeCompare(b.from) || a.to.localeCompare(b.to))
  const sum = (accepted: boolean) => moves.reduce((n, move) => (move.accepted === accepted ? n + move.count : n), 0)
  const words = [
    ...new Set([...log.moves.flatMap(({ from, to }) => [from, to]), ...log.ways.flatMap(({ first }) => first ?? [])]),
  ]
  const isLegal = ({ first, moves }: LoggedWay) =>
    (first === null || meant(first) !== undefined) && moves.every((index) => verdicts[index]?.accepted ?? true)
  return {
    accepted: sum(true),
    refused: sum(false),
    cases: log.cases,
    casesWhollyLegal: log.ways.reduce((n, way) => (isLegal(way) ? n + way.cases : n), 0),
    moves,
    unknownStates: words.filter((word) => !profile.state(word)),
    traffic: trafficOf(moves),
  }
}

function trafficOf(moves: readonly JudgedMove[]): Traffic {
  const entries = moves.map((move): [string, TrafficMove] => {
    const [from, to] = [statusKey(move.from), statusKey(move.to)]
    return [trafficKey(from, to), { ...move, from, to }]
  })
  return { moves: new Map(entries), most: Math.max(1, ...moves.map(({ count }) => count)) }
}
