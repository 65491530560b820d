/** The disguises and German on the main pages. `en-XA` shows what stands in no catalogue, `ar-XB` what does not mirror. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, givenTask, passwordOf, profileNamed, technician, test } from './fixtures.ts'

const pages = [
  ...['/', '/tasks', '/tasks?view=board', '/tasks?q=zzzzzzzz', '/tasks/new', '/tasks/:task', '/profiles', '/imports'],
  ...[
    '/profiles/:profile',
    '/profiles/:profile?view=fields',
    '/profiles/:profile?view=targets',
    '/profiles/:profile?view=compare',
  ],
  ...['/profiles/:profile?view=simulate', '/profiles/:profile?view=replay', '/settings', '/settings?tab=priorities'],
  ...[
    '/settings?tab=teams',
    '/settings?tab=branding',
    '/manage/keys',
    '/manage/members',
    '/settings/sessions',
    '/manage/activity',
  ],
  '/nowhere',
]

async function wear(page: Page, language: string) {
  await page.addInitScript((tag) => localStorage.setItem('tater.language', tag), language)
}

/** Opens a page and waits until nothing on it is loading. */
async function open(page: Page, path: string) {
  await page.goto(path)
  await expect(page.locator('h1').first()).toBeAttached()
  await page.waitForLoadState('networkidle')
}

async function resolved(page: Page): Promise<string[]> {
  const profileId = await profileNamed(page, 'ITIL Incident')
  const task = await givenTask(page, {
    ...{ title: 'The lift stops between floors', category: 'IT', priority: 'High', impact: 'High', urgency: 'Medium' },
    ...{ source: 'Phone', assignedToEmail: technician, profileId, description: 'Since Monday.' },
  })
  return pages.map((path) => path.replace(':task', task.key).replace(':profile', profileId))
}

/** By how many pixels the page is wider than the window. */
const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Words on screen that are no message in disguise: neither in brackets nor said by the server nor made by Intl. */
async function plainWords(page: Page, data: string): Promise<string[]> {
  const found = await page.evaluate(() => {
    const words: string[] = []
    const isData = (element: Element | null) => element?.closest('time, code, pre, bdi, svg, textarea, [dir="auto"], .cm-editor')
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode
      if (parentElement && !/^(SCRIPT|STYLE|NOSCRIPT)$/.test(parentElement.tagName) && !isData(parentElement))
        if (parentElement.checkVisibility()) words.push(textContent!.trim())
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
      if (!element.closest('.cm-editor, time') && element.checkVisibility({ visibilityProperty: true }))
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) words.push(element.getAttribute(name)?.trim() ?? '')
    return [...new Set(words)]
  })
  const isIntl = (words: string) => /^\D{0,4}\d[\d,.:\s]*([smhdw]|ago|min|kB|MB|%)?[\s\d\w,.]*$/.test(words) && words.length < 24
  return found.filter((words) => {
    if (!/\p{L}{2}/u.test(words) || words.includes('[') || isIntl(words)) return false
    // Names, keys of the keyboard, initials, dates and what libraries write for themselves.
    if (/^(TATER Ops|English|Deutsch|en-XA|Ctrl|Enter|[A-Z]{2,4}|React Flow.*|[A-Z]+-\d+)/.test(words)) return false
    if (/^\w{3} \d+, \d{4}, \d+:\d\d [AP]M/.test(words)) return false
    const parts = words.split(/[·,:→\n]|\s{2,}/).map((part) => part.trim())
    return !parts.every((part) => !/\p{L}{2}/u.test(part) || data.includes(part.toLowerCase()) || isIntl(part))
  })
}

test('every text of the main pages comes from a catalogue', async ({ page }) => {
  test.setTimeout(180_000)
  const said: string[] = []
  page.on('response', async (response) => {
    if (response.url().includes('/api/')) said.push(await response.text().catch(() => ''))
  })
  await wear(page, 'en-XA')
  const forgotten: string[] = []
  for (const path of await resolved(page)) {
    await open(page, path)
    const data = said.join('\n').toLowerCase()
    for (const words of await plainWords(page, data)) forgotten.push(`${path}: ${words}`)
  }
  expect(forgotten).toEqual([])
})

test('read from the right nothing overflows and nothing is less accessible', async ({ page }) => {
  test.setTimeout(240_000)
  await wear(page, 'ar-XB')
  for (const path of await resolved(page)) {
    await page.setViewportSize({ width: 390, height: 844 })
    await open(page, path)
    expect(await overflow(page), `${path} on a telephone`).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1440, height: 900 })
    expect(await overflow(page), path).toBeLessThanOrEqual(0)
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
    expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ target }) => target).join(' | ')}`)).toEqual([])
  }
})

test('read from the right the board is worked with the arrow that points there', async ({ page }) => {
  await wear(page, 'ar-XB')
  const task = await givenTask(page, { title: 'A card for the board', category: 'IT', priority: 'Low' })
  await open(page, '/tasks?view=board&profileId=none')
  const card = page.locator('[data-card]').filter({ hasText: task.key }).getByRole('link')
  await card.focus()
  await page.keyboard.press('Space')
  await expect(page.locator('[data-standing="open"]').first()).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(page.locator('[data-over]')).toHaveAttribute('data-column', 'InProgress')
  await page.keyboard.press('Space')
  await expect
    .poll(async () => ((await (await page.request.get(`/api/tasker/tasks/${task.key}`)).json()) as { status: string }).status)
    .toBe('InProgress')
})

test('read from the right a column grows towards where it is drawn', async ({ page }) => {
  await wear(page, 'ar-XB')
  await open(page, '/tasks')
  const edge = page.getByRole('separator').first()
  const width = Number(await edge.getAttribute('aria-valuenow'))
  const box = (await edge.boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2 - 40, box.y + box.height / 2, { steps: 4 })
  await page.mouse.up()
  await expect(edge).toHaveAttribute('aria-valuenow', String(width + 40))
})

test('in German the process says no in German, and why, and explains its clocks', async ({ page }) => {
  await wear(page, 'de')
  const profileId = await profileNamed(page, 'ITIL Incident')
  const task = await givenTask(page, {
    ...{ title: 'Der Aufzug hält zwischen den Etagen', category: 'IT', priority: 'High', impact: 'High', urgency: 'Medium' },
    ...{ source: 'Phone', assignedToEmail: technician, profileId, description: 'Seit Montag.' },
  })
  await open(page, `/tasks/${task.key}`)
  await page.getByRole('button', { name: 'Andere Status' }).click()
  await expect(
    page.getByText('Von Neu geht es in ITIL Incident nicht direkt zu Gelöst; der Weg dorthin ist Zugewiesen'),
  ).toBeVisible()
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: /Wie „Lösung“ gezählt wird/ }).click()
  await expect(page.getByText(/^Lösung: fällig .*, noch /)).toBeVisible()
  await expect(page.getByText(/^SLA-Vorgaben von ITIL Incident: Hoch innerhalb von /)).toBeVisible()
  await page.keyboard.press('Escape')

  const moves = page.getByRole('group', { name: 'Nächster Status' })
  for (const status of ['Zugewiesen', 'In Bearbeitung', 'Gelöst']) await moves.getByRole('button', { name: status }).click()
  const dialog = page.getByRole('dialog', { name: 'Wechsel zu Gelöst' })
  await dialog.getByRole('button', { name: 'Zu Gelöst wechseln' }).click()
  await expect(dialog.getByText(/wird .* gebraucht; füllen Sie das Feld aus und wechseln Sie dann erneut/).first()).toBeVisible()
})

test.describe('in German', () => {
  test.use({ storageState: { cookies: [], origins: [] } })

  test('chooses the language, signs in, lists, creates, comments and moves', async ({ page }) => {
    await page.goto('/sign-in')
    await page.getByRole('combobox', { name: 'Language' }).selectOption('Deutsch')
    await expect(page.getByRole('heading', { name: 'Anmelden' })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', 'de')
    await page.getByLabel('E-Mail-Adresse').fill(technician)
    await page.getByLabel('Passwort', { exact: true }).fill(passwordOf(technician))
    await page.getByRole('button', { name: 'Anmelden' }).click()
    await expect(page.getByRole('heading', { name: 'Übersicht' })).toBeVisible()

    await page.getByRole('link', { name: 'Tickets', exact: true }).click()
    await expect(page.getByRole('columnheader', { name: /Zuständig/ })).toBeVisible()
    await page.getByRole('link', { name: 'Anlegen' }).click()
    await page.getByLabel('Titel').fill('Der Drucker am Empfang druckt nicht')
    await page.getByRole('combobox', { name: 'Kategorie' }).click()
    await page.getByRole('option', { name: 'IT', exact: true }).click()
    await page.getByRole('combobox', { name: 'Priorität' }).click()
    await page.getByRole('option', { name: 'Hoch' }).click()
    await page.getByLabel('Titel').press('Control+Enter')

    await expect(page.getByRole('heading', { name: 'Der Drucker am Empfang druckt nicht' })).toBeVisible()
    const moves = page.getByRole('group', { name: 'Nächster Status' })
    await moves.getByRole('button', { name: 'In Bearbeitung' }).click()
    await page.getByRole('textbox', { name: 'Öffentliche Antwort' }).fill('Die Patrone ist getauscht.')
    await page.getByRole('textbox', { name: 'Öffentliche Antwort' }).press('Control+Enter')
    await expect(page.getByRole('article', { name: /Öffentliche Antwort, Tom Becker/ })).toContainText('Patrone')
    await moves.getByRole('button', { name: 'Geschlossen' }).click()
    await expect(moves.getByRole('button', { name: 'Offen' })).toBeVisible()
    await page.getByRole('tab', { name: 'Aktivität' }).click()
    await expect(page.getByText('hat den Status von In Bearbeitung zu Geschlossen geändert')).toBeVisible()
    await expect(page.getByText(/vor \d|gerade eben/).first()).toBeVisible()
  })
})
