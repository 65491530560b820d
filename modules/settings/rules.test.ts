import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxLevels } from './contract.ts'
import { obstacleToLogo, obstacleToPlacing, obstacleToPriorities, pathOf } from './rules.ts'

const node = (id: string, parentId: string | null = null) => ({ id, parentId, name: `name ${id}` })
const chain = (length: number) => Array.from({ length }, (_, n) => node(String(n), n === 0 ? null : String(n - 1)))

test('a path names every level from the top', () => {
  expect(pathOf(chain(3), '2')).toEqual(['name 0', 'name 1', 'name 2'])
})

test('five levels are allowed and the sixth is refused', () => {
  expect(obstacleToPlacing(chain(4), null, { parentId: '3', name: 'fifth' })).toBeNull()
  expect(obstacleToPlacing(chain(5), null, { parentId: '4', name: 'sixth' })?.message).toContain('at most 5 levels')
})

test('a branch keeps its height when it moves', () => {
  const tree = [...chain(3), node('a'), node('b', 'a'), node('c', 'b')]
  expect(obstacleToPlacing(tree, 'a', { parentId: '1', name: 'name a' })).toBeNull()
  expect(obstacleToPlacing(tree, 'a', { parentId: '2', name: 'name a' })?.message).toContain('would make 6')
})

test('nothing stands below itself, and names are unique without regard to case', () => {
  expect(obstacleToPlacing(chain(3), '0', { parentId: '2', name: 'name 0' })?.message).toContain('below itself')
  expect(obstacleToPlacing(chain(3), null, { parentId: null, name: 'NAME 1' })?.message).toContain('already')
  expect(obstacleToPlacing(chain(3), '1', { parentId: '0', name: 'NAME 1' })).toBeNull()
})

test('whatever is placed by the rule, no path is longer than the limit and none goes in a circle', () => {
  const moves = fc.array(fc.record({ id: fc.nat(7), parent: fc.option(fc.nat(7)) }), { maxLength: 40 })
  fc.assert(
    fc.property(moves, (wanted) => {
      const tree = Array.from({ length: 8 }, (_, n) => node(String(n)))
      for (const { id, parent } of wanted) {
        const parentId = parent === null ? null : String(parent)
        if (obstacleToPlacing(tree, String(id), { parentId, name: `name ${id}` }) === null) tree[id]!.parentId = parentId
      }
      for (const { id } of tree) {
        const path = pathOf(tree, id)
        expect(path.length).toBeLessThanOrEqual(maxLevels)
        const top = tree.find((each) => each.name === path[0])
        expect(top?.parentId).toBeNull()
      }
    }),
  )
})

const standard = ['Critical', 'High', 'Normal', 'Low'].map((name) => ({ name, label: name }))

test('the four standard priorities stay, in any order and under any label', () => {
  expect(obstacleToPriorities(standard)).toBeNull()
  expect(obstacleToPriorities([...standard].reverse().map((each) => ({ ...each, label: `P-${each.name}` })))).toBeNull()
  expect(obstacleToPriorities([...standard, { name: 'Urgent', label: 'Urgent' }])).toBeNull()
  expect(obstacleToPriorities(standard.slice(1))?.message).toContain('Critical has to stay')
})

test('Medium is Normal, so both together are one too many', () => {
  expect(obstacleToPriorities([...standard, { name: 'medium', label: 'Medium' }])?.message).toContain('twice')
  expect(obstacleToPriorities([...standard.slice(0, 3), { name: 'Low', label: 'critical' }])?.message).toContain('labelled')
})

test('a logo is a picture of at most 100 KB', () => {
  expect(obstacleToLogo('')).toBeNull()
  expect(obstacleToLogo('data:image/png;base64,AAAA')).toBeNull()
  expect(obstacleToLogo('data:text/html;base64,AAAA')?.message).toContain('PNG')
  expect(obstacleToLogo('https://elsewhere.example/logo.png')?.message).toContain('PNG')
  expect(obstacleToLogo(`data:image/png;base64,${'A'.repeat(140_001)}`)?.message).toContain('100 KB')
})
