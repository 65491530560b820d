/** What a technician does all day, each as steps in a real browser. */
import type { Page } from '@playwright/test'

export type Scene = {
  name: string
  /** Where it begins; what is felt before it counts for nothing. */
  from: string
  ready(page: Page): Promise<unknown>
  /** What is measured, up to what the person wanted to see. */
  act(page: Page): Promise<unknown>
}

const rows = (page: Page) => page.locator('[role="row"][data-index]')
const firstRow = (page: Page) => rows(page).first().waitFor()
const cards = (page: Page) => page.locator('[data-card]').first().waitFor()

/** The row that has the keyboard. */
const place = (page: Page) => page.evaluate(() => Number((document.activeElement as HTMLElement | null)?.dataset.index ?? -1))

async function pressUntil(page: Page, key: string, index: number) {
  for (let before = -2, stuck = 0; (await place(page)) < index && stuck < 400; ) {
    await page.keyboard.press(key)
    const here = await place(page)
    stuck = here === before ? stuck + 1 : 0
    before = here
  }
}

export const scenes: Scene[] = [
  {
    name: 'Scroll the list by keyboard through 2,000 rows',
    from: '/tasks',
    ready: firstRow,
    async act(page) {
      await rows(page).first().focus()
      await pressUntil(page, 'PageDown', 2000)
    },
  },
  {
    name: 'Scroll the list by wheel through 2,000 rows',
    from: '/tasks',
    ready: firstRow,
    async act(page) {
      await rows(page).first().hover()
      const top = () => page.locator('[data-scroll-restoration-id="tasks"]').evaluate((list) => list.scrollTop)
      for (let turn = 0; (await top()) < 2000 * 36 && turn < 2000; turn++) await page.mouse.wheel(0, 600)
    },
  },
  {
    name: 'Open a ticket from the list',
    from: '/tasks',
    ready: firstRow,
    async act(page) {
      await rows(page).first().focus()
      await page.keyboard.press('Enter')
      await page.getByRole('group', { name: 'Next state' }).getByRole('button').first().waitFor()
    },
  },
  {
    name: 'Change the filter (open tickets)',
    from: '/tasks',
    ready: firstRow,
    async act(page) {
      await page.getByRole('button', { name: 'Filter', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Open or settled' }).click()
      await page.waitForURL(/open=true/)
      await firstRow(page)
    },
  },
  {
    name: 'Order by priority',
    from: '/tasks',
    ready: firstRow,
    async act(page) {
      await page.getByRole('columnheader', { name: 'Priority' }).getByRole('button').click()
      await page.waitForURL(/sort=priority/)
      await firstRow(page)
    },
  },
  {
    name: 'Widen a column',
    from: '/tasks',
    ready: firstRow,
    async act(page) {
      const edge = page.getByRole('separator').nth(1)
      const { x, y } = (await edge.boundingBox())!
      await page.mouse.move(x + 2, y + 10)
      await page.mouse.down()
      await page.mouse.move(x - 120, y + 10, { steps: 30 })
      await page.mouse.up()
      for (let n = 0; n < 10; n++) await edge.press('ArrowRight')
    },
  },
  {
    name: 'Select 200 tickets',
    from: '/tasks',
    ready: firstRow,
    async act(page) {
      await rows(page).first().focus()
      await page.keyboard.press('x')
      await pressUntil(page, 'PageDown', 200)
      await page.keyboard.press('Shift+x')
      await page.getByText(/^\d{3} selected/).waitFor()
    },
  },
  {
    name: 'Palette: open and type a word that 3,000 tickets have',
    from: '/tasks',
    ready: firstRow,
    async act(page) {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('printer', { delay: 60 })
      await page.getByRole('option').nth(2).waitFor()
    },
  },
  {
    name: 'Move a ticket to its next state',
    from: '/tasks?open=true&status=New',
    async ready(page) {
      await firstRow(page)
      await rows(page).first().focus()
      await page.keyboard.press('Enter')
      await page.getByRole('group', { name: 'Next state' }).getByRole('button').first().waitFor()
    },
    async act(page) {
      await page.getByRole('button', { name: 'Assigned', exact: true }).click()
      await page.getByRole('button', { name: 'In Progress', exact: true }).first().waitFor()
    },
  },
  {
    name: 'Write 80 letters of a reply',
    from: '/tasks',
    async ready(page) {
      await firstRow(page)
      await rows(page).nth(3).focus()
      await page.keyboard.press('Enter')
      await page.locator('textarea').first().waitFor()
    },
    async act(page) {
      await page.locator('textarea').first().click()
      await page.keyboard.type('We have looked into it and replaced the cable; could you try it again, please? ', { delay: 15 })
    },
  },
  {
    name: 'Scroll a column of the board',
    from: '/tasks?view=board&open=true',
    ready: cards,
    async act(page) {
      await page.locator('[data-card="0"] a').first().focus()
      for (let n = 0; n < 200; n++) await page.keyboard.press('ArrowDown')
    },
  },
]
