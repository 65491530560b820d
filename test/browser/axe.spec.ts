import AxeBuilder from '@axe-core/playwright'
import { expect, givenTask, profileNamed, test } from './fixtures.ts'

const pages: { name: string; path: string; ready: RegExp }[] = [
  { name: 'dashboard', path: '/', ready: /Open by category/ },
  { name: 'board', path: '/tasks?view=board', ready: /Cancelled/ },
  { name: 'task list', path: '/tasks', ready: /Updated/ },
  { name: 'empty list', path: '/tasks?q=zzzzzzzz', ready: /No task fits/ },
  { name: 'new task', path: '/tasks/new', ready: /New task/ },
  { name: 'task', path: '/tasks/:task', ready: /Other states/ },
  { name: 'profiles', path: '/profiles', ready: /ITIL Incident/ },
  { name: 'profile', path: '/profiles/:profile', ready: /Valid|warning/ },
  { name: 'imports', path: '/imports', ready: /Imports/ },
  { name: 'settings', path: '/settings', ready: /Add category/ },
  { name: 'branding', path: '/settings?tab=branding', ready: /Accent colour/ },
  { name: 'keys', path: '/manage/keys', ready: /API keys/ },
  { name: 'members', path: '/manage/members', ready: /Add member/ },
  { name: 'security', path: '/account/security', ready: /Signed in/ },
  { name: 'sign-in and SCIM', path: '/manage/sign-in', ready: /Microsoft Entra/ },
  { name: 'tools', path: '/manage/tools', ready: /Tools nobody decided about/ },
  { name: 'connected apps', path: '/manage/apps', ready: /Connected apps/ },
  { name: 'own apps', path: '/settings/apps', ready: /My connected apps/ },
  { name: 'activity', path: '/manage/activity', ready: /What happened/ },
  { name: 'nowhere', path: '/nowhere', ready: /no such page/ },
]

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`${scheme} pages`, () => {
    test.use({ colorScheme: scheme })
    for (const { name, path, ready } of pages) {
      test(`${name} has no accessibility violations`, async ({ page }) => {
        await page.goto(await resolved(page, path))
        await expect(page.getByText(ready).first()).toBeVisible()
        const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze()
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`),
        ).toEqual([])
      })
    }
  })
}

test.describe('signed out', () => {
  test.use({ storageState: { cookies: [], origins: [] } })
  test('sign-in has no accessibility violations', async ({ page }) => {
    await page.goto('/sign-in')
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze()
    expect(violations).toEqual([])
  })
})

test('every page fits a telephone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  for (const { path, ready } of pages) {
    await page.goto(await resolved(page, path))
    await expect(page.getByText(ready).first()).toBeAttached()
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(wider, path).toBeLessThanOrEqual(0)
  }
})

async function resolved(page: Parameters<typeof givenTask>[0], path: string) {
  if (path.includes(':task')) {
    const profileId = await profileNamed(page, 'ITIL Incident')
    const task = await givenTask(page, {
      title: 'طابعة الاستقبال لا تعمل منذ الصباح',
      description: 'See https://example.com\n\n```\nlpstat -p\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |',
      ...{
        category: 'IT',
        priority: 'High',
        impact: 'High',
        urgency: 'Medium',
        source: 'Phone',
        assignedToEmail: 'tom.becker@northwind.example',
      },
      tags: ['printer'],
      profileId,
    })
    return path.replace(':task', task.key)
  }
  return path.includes(':profile') ? path.replace(':profile', await profileNamed(page, 'ITIL Incident')) : path
}
