/** What a browser itself says about how a page felt: layout shifts, interactions, long tasks. */
import type { Page } from '@playwright/test'

type Felt = { interactions: { name: string; ms: number }[]; shift: number; longTask: number }
declare global {
  interface Window {
    felt: Felt
  }
}

/** From now on every document of the page notes what it feels. */
export const watch = (page: Page) =>
  page.addInitScript(() => {
    window.felt = { interactions: [], shift: 0, longTask: 0 }
    const observe = (type: string, note: (entry: PerformanceEntry) => void, more = {}) =>
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more })
    observe(
      'event',
      (entry) => {
        const { interactionId, name, duration } = entry as PerformanceEventTiming & { interactionId?: number }
        if (interactionId) window.felt.interactions.push({ name, ms: duration })
      },
      { durationThreshold: 16 },
    )
    observe('layout-shift', (entry) => {
      const { hadRecentInput, value } = entry as PerformanceEntry & { hadRecentInput: boolean; value: number }
      if (!hadRecentInput) window.felt.shift += value
    })
    observe('longtask', ({ duration }) => {
      window.felt.longTask = Math.max(window.felt.longTask, duration)
    })
  })

/** Forgets what was felt so far. */
export async function forget(page: Page) {
  await settle(page)
  await page.evaluate(() => {
    Object.assign(window.felt, { interactions: [], shift: 0, longTask: 0 })
  })
}

/** The slowest interaction (its whole way to the next paint), the shift and the longest task since `forget`. */
export async function felt(page: Page) {
  await settle(page)
  const { interactions, shift, longTask } = await page.evaluate(() => window.felt)
  return { inp: Math.max(0, ...interactions.map(({ ms }) => ms)), shift, longTask }
}

/** Entries are handed out after the paint they tell of. */
const settle = (page: Page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(() => done(null))))),
  )
