import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aroundTheClock, type Calendar } from './calendar.ts'
import { firstPublicReply, noSla, pauseSla, reopenSla, resumeSla, retargetSla, startSla, stopSla } from './clocks.ts'
import { explainSla } from './explain.ts'
import {
  type Clock,
  countedMinutes,
  pause,
  reclassify,
  remainingMinutes,
  reopen,
  resume,
  type SlaState,
  start,
  stop,
  type Target,
  warnAt,
} from './sla.ts'

const t0 = new Date('2026-03-01T08:00:00.000Z')
const minute = (minutes: number) => aroundTheClock.add(t0, minutes)
const iso = (minutes: number) => minute(minutes).toISOString()
const target = (minutes: number, priority = 'High'): Target => ({ minutes, source: 'profile', priority })
const both = (response: number, resolution: number) => ({ response: target(response), resolution: target(resolution) })

describe('one clock', () => {
  it('is due after its minutes', () =>
    expect(start(target(60), t0)).toMatchObject({ dueAt: iso(60), pauses: [], startedAt: iso(0) }))

  it('has no due instant while paused and resumes with what was left', () => {
    const paused = pause(start(target(60), t0), minute(20), 'On Hold')
    expect(paused).toMatchObject({ dueAt: null, pauses: [{ from: iso(20), to: null, reason: 'On Hold' }] })
    expect(resume(paused, minute(500))).toMatchObject({ dueAt: iso(540), pauses: [{ from: iso(20), to: iso(500) }] })
  })

  it('waiting, then on hold, then active counts one pause', () => {
    const clock = resume(pause(pause(start(target(60), t0), minute(10), 'Pending'), minute(20), 'On Hold'), minute(30))
    expect(clock.pauses).toEqual([{ from: iso(10), to: iso(30), reason: 'Pending' }])
    expect(clock.dueAt).toBe(iso(80))
  })

  it('is met in time, late with the due instant as breach, or stopped without judgement', () => {
    const clock = start(target(60), t0)
    expect(stop(clock, minute(60), 'done')).toMatchObject({ metAt: iso(60), stoppedAt: iso(60) })
    const late = stop(clock, minute(61), 'done')
    expect(late).toMatchObject({ breachedAt: iso(60), stoppedAt: iso(61) })
    expect(late).not.toHaveProperty('metAt')
    const cancelled = stop(clock, minute(100), 'cancelled')
    expect(cancelled).not.toHaveProperty('metAt')
    expect(cancelled).not.toHaveProperty('breachedAt')
    expect(stop(stop(clock, minute(5), 'done'), minute(500), 'done')).toMatchObject({ metAt: iso(5) })
  })

  it('a clock stopped while paused is judged by what counted', () => {
    expect(stop(pause(start(target(60), t0), minute(59), 'On Hold'), minute(5000), 'done')).toMatchObject({ metAt: iso(5000) })
  })

  it('reclassifying carries elapsed time and past pauses', () => {
    const clock = resume(pause(start(target(480), t0), minute(60), 'On Hold'), minute(160))
    const critical = reclassify(clock, target(240, 'Critical'), minute(200))
    expect(critical).toMatchObject({ dueAt: iso(340), minutes: 240, priority: 'Critical', pauses: clock.pauses })
    const open = reclassify(pause(clock, minute(200), 'Pending'), target(240), minute(900))
    expect(open.dueAt).toBeNull()
    expect(resume(open, minute(1000)).dueAt).toBe(iso(1140))
  })

  it('reclassifying takes back a breach that is no longer true, and keeps one that is', () => {
    const breached: Clock = { ...start(target(60), t0), warnedAt: iso(45), breachedAt: iso(60) }
    const relaxed = reclassify(breached, target(600), minute(70))
    expect(relaxed).not.toHaveProperty('breachedAt')
    expect(relaxed).not.toHaveProperty('warnedAt')
    expect(reclassify(breached, target(30), minute(70))).toMatchObject({ breachedAt: iso(60), warnedAt: iso(45) })
  })

  it('reopening goes on where it stopped, keeps the attempt and does not count the time between', () => {
    const clock = reopen(stop(start(target(60), t0), minute(40), 'done'), minute(1000), 'Resolved')
    expect(clock).toMatchObject({
      dueAt: iso(1020),
      attempts: [{ stoppedAt: iso(40), metAt: iso(40) }],
      pauses: [{ from: iso(40), to: iso(1000) }],
    })
    expect(clock).not.toHaveProperty('metAt')
    const again = reopen(stop(clock, minute(1030), 'done'), minute(2000), 'Resolved')
    expect(again.attempts).toHaveLength(2)
    expect(again.breachedAt).toBe(iso(1020))
  })

  it('warns at three quarters, pauses left out', () => {
    const clock = resume(pause(start(target(100), t0), minute(10), 'x'), minute(60))
    expect(warnAt(clock, minute(60))).toEqual(minute(125))
    expect(warnAt(pause(clock, minute(70), 'x'), minute(70))).toBeNull()
    expect(warnAt({ ...clock, warnedAt: iso(1) }, minute(70))).toBeNull()
  })
})

type Step = { op: 'pause' | 'resume' | 'reclassify'; gap: number; minutes: number }
const steps = fc.array(
  fc.record({
    op: fc.constantFrom<Step['op']>('pause', 'resume', 'reclassify'),
    gap: fc.integer({ min: 0, max: 400 }),
    minutes: fc.integer({ min: 1, max: 5000 }),
  }),
  { maxLength: 30 },
)

describe('whatever happens to a clock', () => {
  it('due = start + target + pauses; never before the start; what counted is the time outside pauses', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), steps, (minutes, ops) => {
        let clock = start(target(minutes), t0)
        let now = 0
        let [counted, paused] = [0, false]
        for (const { op, gap, minutes: other } of ops) {
          now += gap
          if (!paused) counted += gap
          if (op === 'pause') [clock, paused] = [pause(clock, minute(now), 'x'), true]
          if (op === 'resume') [clock, paused] = [resume(clock, minute(now)), false]
          if (op === 'reclassify') clock = reclassify(clock, target(other), minute(now))
          expect(countedMinutes(clock, minute(now))).toBeCloseTo(counted, 6)
          expect(clock.dueAt === null).toBe(paused)
          if (clock.dueAt === null) continue
          const stood = clock.pauses.reduce((sum, each) => sum + (Date.parse(each.to!) - Date.parse(each.from)) / 60_000, 0)
          expect(Date.parse(clock.dueAt)).toBe(minute(clock.minutes + stood).getTime())
          expect(Date.parse(clock.dueAt)).toBeGreaterThan(t0.getTime())
        }
      }),
    )
  })

  it('instants that come out of order never make a pause end before it began', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -500, max: 500 })), { maxLength: 20 }), (ops) => {
        let clock = start(target(60), t0)
        for (const [stops, at] of ops) clock = stops ? pause(clock, minute(at), 'x') : resume(clock, minute(at))
        let cursor = t0.getTime()
        for (const { from, to } of clock.pauses) {
          expect(Date.parse(from)).toBeGreaterThanOrEqual(cursor)
          cursor = Date.parse(to ?? from)
          expect(cursor).toBeGreaterThanOrEqual(Date.parse(from))
        }
        if (clock.dueAt) expect(Date.parse(clock.dueAt)).toBeGreaterThanOrEqual(t0.getTime())
      }),
    )
  })

  it('works the same on a calendar of its own kind', () => {
    const half: Calendar = {
      name: 'half',
      add: (at, m) => aroundTheClock.add(at, m * 2),
      elapsed: (a, b) => aroundTheClock.elapsed(a, b) / 2,
    }
    const clock = resume(pause(start(target(60), t0, half), minute(20), 'x'), minute(100), half)
    expect(clock.dueAt).toBe(iso(200))
    expect(remainingMinutes(clock, minute(200), half)).toBe(0)
  })

  it.each(['Europe/Berlin', 'America/New_York', 'Australia/Sydney', 'UTC'])(
    'around the clock, summer time changes nothing in %s',
    (zone) => {
      const before = process.env.TZ
      process.env.TZ = zone
      for (const day of ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04']) {
        const at = new Date(`${day}T01:30:00`)
        const due = Date.parse(start(target(120), at).dueAt!)
        expect(due - at.getTime()).toBe(120 * 60_000)
      }
      process.env.TZ = before
    },
  )
})

describe('both clocks of a task', () => {
  it('a public reply meets the first response once and for all', () => {
    const sla = firstPublicReply(startSla(both(30, 300), t0), minute(12))
    expect(sla.response).toMatchObject({ metAt: iso(12) })
    expect(firstPublicReply(sla, minute(99))).toEqual(sla)
    expect(firstPublicReply(noSla, t0)).toEqual(noSla)
    expect(reopenSla(stopSla(sla, minute(50), 'done', 'Resolved'), minute(90), 'Resolved').response).toEqual(sla.response)
  })

  it('a target that comes later counts from the beginning, past pauses included', () => {
    const none: SlaState = startSla({ response: null, resolution: null }, t0)
    const rested = resumeSla(pauseSla(none, minute(10), 'On Hold'), minute(50))
    expect(retargetSla(rested, both(30, 300), minute(60))).toMatchObject({
      response: { dueAt: iso(70) },
      resolution: { dueAt: iso(340) },
    })
    expect(retargetSla(rested, both(30, 300), minute(60), aroundTheClock, true).response).toBeNull()
  })

  it('losing the target and getting it back keeps elapsed time and pauses', () => {
    const first = resumeSla(pauseSla(startSla(both(30, 300), t0), minute(10), 'On Hold'), minute(50))
    const lost = retargetSla(first, { response: null, resolution: null }, minute(60))
    expect(lost).toMatchObject({ response: null, resolution: null })
    expect(retargetSla(lost, both(30, 300), minute(70)).resolution?.dueAt).toBe(first.resolution?.dueAt)
  })

  it('explains itself in numbers and in words', () => {
    const sla = resumeSla(pauseSla(startSla(both(30, 300), t0), minute(10), 'On Hold'), minute(50))
    const told = explainSla(firstPublicReply(sla, minute(58)), minute(60), 'ITIL Incident')
    expect(told.response).toMatchObject({
      standing: 'met',
      sentence: 'First response: met 12 min before due, 1 pause not counted.',
    })
    expect(told.resolution).toMatchObject({
      standing: 'running',
      rule: 'SLA defaults of ITIL Incident: High within 5 h.',
      countedMinutes: 20,
      remainingMinutes: 280,
      intervals: [{ minutes: 10 }, { minutes: 10 }],
      sentence: `Resolution is due ${iso(340)}, 4 h 40 m left, 1 pause not counted.`,
    })
    expect(explainSla(pauseSla(sla, minute(60), 'Pending'), minute(900), 'x').resolution?.sentence).toBe(
      'Resolution is paused (Pending), 4 h 40 m left.',
    )
    expect(explainSla(sla, minute(400), 'x').resolution?.sentence).toMatch(/^Resolution is 1 h late/)
    expect(explainSla(noSla, t0, 'x').sentence).toBe('No SLA target applies.')
  })
})
