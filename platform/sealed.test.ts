import { expect, test } from 'vitest'
import { seal, unseal } from './sealed.ts'

const secret = 's'.repeat(32)

test('what is sealed can be opened with the same secret for the same place only, and not when it was altered', () => {
  const sealed = seal(secret, 'connection:1', 'grün 🔑')
  expect(unseal(secret, 'connection:1', sealed)).toBe('grün 🔑')
  expect(unseal(secret, 'connection:2', sealed)).toBeNull()
  expect(unseal('t'.repeat(32), 'connection:1', sealed)).toBeNull()
  expect(unseal(secret, 'connection:1', `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`)).toBeNull()
  for (const broken of ['', '1.', '1.AAAA', 'plain', '2.AAAA']) expect(unseal(secret, 'connection:1', broken)).toBeNull()
})

test('the same text looks different every time', () => {
  expect(seal(secret, 'x', 'same')).not.toBe(seal(secret, 'x', 'same'))
})
