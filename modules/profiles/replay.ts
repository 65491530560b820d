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

/**
 * The states a move of the log enters, one after the other: the target itself where the flow allows it, else the steps of a way the
 * preset names, if each of them is legal. Null: the profile would have refused the move.
 */
export function wayOf(
  profile: CompiledProfile,
  ways: ReplayPreset['ways'],
  from: CompiledState,
  to: CompiledState,
): CompiledState[] | null {
  if (from.next.includes(to)) return [to]
  for (const way of ways) {
    if (profile.state(way.from) !== from || profile.state(way.to) !== to) continue
    const steps = [...way.through, way.to].map((name) => profile.state(name))
    const legal = steps.every((step, n) => step !== undefined && (n === 0 ? from : steps[n - 1])?.next.includes(step))
    if (legal) return steps as CompiledState[]
  }
  return null
}

class Log implements Replay {
  private profile: CompiledProfile
  private preset: ReplayPreset
  private cases = new Map<string, Case>()
  private places = new Map<string, Place>()
  private words = new Map<string, Place | null>()
  private counts = { events: 0, outOfOrder: 0, unreadableTimes: 0 }

  constructor(profile: CompiledProfile, preset: ReplayPreset) {
    this.profile = profile
    this.preset = preset
  }

  add({ case: id, time: text, status }: ReplayEvent): void {
    this.counts.events++
    const to = this.placeOf(status)
    const seen = this.cases.get(id)
    const time = this.timeOf(seen, text)
    if (!to) return
    if (!seen) {
      this.cases.set(id, { at: to, legal: to.state !== null, time })
      return
    }
    seen.time = time
    if (seen.at === to) return
    const move = this.follow(seen.at, to)
    move.count++
    if (!move.accepted) seen.legal = false
    seen.at = to
  }

  result(): ReplayResult {
    const places = [...this.places.values()]
    const moves = places.flatMap((place) => [...place.moves.values()])
    moves.sort((a, b) => b.count - a.count || a.from.localeCompare(b.from) || a.to.localeCompare(b.to))
    const sum = (accepted: boolean) => moves.reduce((n, move) => (move.accepted === accepted ? n + move.count : n), 0)
    return {
      accepted: sum(true),
      refused: sum(false),
      cases: this.cases.size,
      casesWhollyLegal: [...this.cases.values()].filter((each) => each.legal).length,
      ...this.counts,
      unknownStates: places.filter((place) => !place.state).map((place) => place.name),
      moves: moves.map((move) => ({ ...move })),
    }
  }

  /** The place a word of the log means, null for "nothing"; each word is looked up once. */
  private placeOf(word: string): Place | null {
    const known = this.words.get(word)
    if (known !== undefined) return known
    const name = mapLogState(word, this.preset)
    const place = name === null ? null : this.placeNamed(name)
    this.words.set(word, place)
    return place
  }

  private placeNamed(name: string): Place {
    const state = this.profile.state(name) ?? null
    const key = state?.key ?? `?${name}`
    const place = this.places.get(key) ?? { name: state?.status ?? name, state, moves: new Map<Place, ReplayMove>() }
    this.places.set(key, place)
    return place
  }

  private follow(from: Place, to: Place): ReplayMove {
    const known = from.moves.get(to)
    if (known) return known
    const accepted =
      from.state !== null && to.state !== null && wayOf(this.profile, this.preset.ways, from.state, to.state) !== null
    const move = { from: from.name, to: to.name, count: 0, accepted }
    from.moves.set(to, move)
    return move
  }

  private timeOf(seen: Case | undefined, text: string | undefined): number | null {
    const before = seen?.time ?? null
    if (!text || this.preset.empty.includes(text)) return before
    const time = readLogTime(text, this.preset.dates)
    if (time === null) this.counts.unreadableTimes++
    else if (before !== null && time < before) this.counts.outOfOrder++
    return time ?? before
  }
}

/**
 * Replays a log of status changes against a profile: how many moves would it have allowed? Repeats of a state collapse; a case is
 * taken to have started in the first state it shows; after a refused move the log is taken as the truth. A state the flow does not
 * have makes the move into it and the move out of it refused. Keeps a few words per case, never the events.
 */
export function createReplay(profile: Profile, preset: ReplayPreset = presets.generic): Replay {
  return new Log(compileProfile(profile), preset)
}
