import { type CompiledProfile, type CompiledState, compileProfile, type Profile } from './compile.ts'
import { mapLogState, presets, type ReplayPreset, readLogTime } from './presets.ts'

/** One line of a log: which case, when, and the state it shows. */
export type ReplayEvent = { case: string; time?: string; status: string }

export type ReplayMove = { from: string; to: string; count: number; accepted: boolean }

export type ReplayResult = {
  /** Moves the profile would have allowed and refused. */
  accepted: number
  refused: number
  cases: number
  /** Cases without a refused move or an unknown state. */
  casesWhollyLegal: number
  events: number
  /** Words of the log that are no state of the profile. */
  unknownStates: string[]
  /** Events older than the one before in their case, and events whose time cannot be read. The order of the log is kept. */
  outOfOrder: number
  unreadableTimes: number
  moves: ReplayMove[]
}

export type Replay = {
  /** Feeds one event; events of a case must come in their order, cases may be interleaved. */
  add(event: ReplayEvent): void
  /** The counts so far. */
  result(): ReplayResult
}

type Case = { at: Place; legal: boolean; time: number | null }
/** Where a case stands: a state of the flow, or a word that is none. */
type Place = { readonly name: string; readonly state: CompiledState | null; readonly moves: Map<Place, ReplayMove> }

function legalWay(profile: CompiledProfile, preset: ReplayPreset, from: CompiledState, to: CompiledState): boolean {
  if (from.next.includes(to)) return true
  return preset.ways.some((way) => {
    if (profile.state(way.from) !== from || profile.state(way.to) !== to) return false
    const steps = [...way.through, way.to].map((name) => profile.state(name))
    return steps.every((step, n) => step !== undefined && (n === 0 ? from : steps[n - 1])?.next.includes(step))
  })
}

/**
 * Replays a log of status changes against a profile: how many moves would it have allowed? Repeats of a state collapse; a case is
 * taken to have started in the first state it shows; after a refused move the log is taken as the truth. A state the flow does not
 * have makes the move into it and the move out of it refused. Keeps a few words per case, never the events.
 */
export function createReplay(profile: Profile, preset: ReplayPreset = presets.generic): Replay {
  const compiled = compileProfile(profile)
  const cases = new Map<string, Case>()
  const places = new Map<string, Place>()
  const unknown = new Set<string>()
  const counts = { events: 0, outOfOrder: 0, unreadableTimes: 0 }
  const raw = new Map<string, Place | null>()

  const placeOf = (status: string): Place | null => {
    const name = mapLogState(status, preset)
    if (name === null) return null
    const state = compiled.state(name) ?? null
    if (!state) unknown.add(name)
    const key = state?.key ?? `?${name}`
    const known = places.get(key)
    if (known) return known
    const fresh: Place = { name: state?.status ?? name, state, moves: new Map() }
    places.set(key, fresh)
    return fresh
  }

  const follow = (from: Place, to: Place): ReplayMove => {
    const known = from.moves.get(to)
    if (known) return known
    const accepted = from.state !== null && to.state !== null && legalWay(compiled, preset, from.state, to.state)
    const fresh = { from: from.name, to: to.name, count: 0, accepted }
    from.moves.set(to, fresh)
    return fresh
  }

  const watchTime = (seen: Case | undefined, text: string | undefined): number | null => {
    if (!text) return seen?.time ?? null
    const time = readLogTime(text, preset.dates)
    if (time === null) counts.unreadableTimes++
    else if (seen?.time !== null && seen?.time !== undefined && time < seen.time) counts.outOfOrder++
    return time ?? seen?.time ?? null
  }

  const add = ({ case: id, time: text, status }: ReplayEvent): void => {
    counts.events++
    let to = raw.get(status)
    if (to === undefined) {
      to = placeOf(status)
      raw.set(status, to)
    }
    const seen = cases.get(id)
    const time = watchTime(seen, text)
    if (!to) return
    if (!seen) {
      cases.set(id, { at: to, legal: to.state !== null, time })
      return
    }
    seen.time = time
    if (seen.at === to) return
    const move = follow(seen.at, to)
    move.count++
    if (!move.accepted) seen.legal = false
    seen.at = to
  }

  const result = (): ReplayResult => {
    const moves = [...places.values()].flatMap((place) => [...place.moves.values()])
    moves.sort((a, b) => b.count - a.count || a.from.localeCompare(b.from) || a.to.localeCompare(b.to))
    const sum = (accepted: boolean) => moves.reduce((n, move) => (move.accepted === accepted ? n + move.count : n), 0)
    const legal = [...cases.values()].filter((each) => each.legal).length
    return {
      ...{ accepted: sum(true), refused: sum(false), cases: cases.size, casesWhollyLegal: legal, ...counts },
      unknownStates: [...unknown],
      moves: moves.map((move) => ({ ...move })),
    }
  }

  return { add, result }
}
