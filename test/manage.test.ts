/** Keys that expire, people without a login, accounts of the installation: as administrators use them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as identity from '../modules/identity/operations.ts'
import { type TestProduct, testProduct } from './product.ts'

let product: TestProduct
beforeAll(async () => {
  product = await testProduct({ setupToken: 'the-token-of-the-set-up' })
})
afterAll(() => product?.stop())

describe('an API key with an end', () => {
  test('works until then and not after, remembered or not', async () => {
    const organization = await product.given.organization()
    const expiresAt = new Date(Date.now() + 2_000).toISOString()
    const { key, apiKey } = await product.execute(identity.createKey, organization.caller(), {
      name: 'Nightly export',
      role: 'Viewer',
      expiresAt,
    })
    expect(apiKey.expiresAt).toBe(expiresAt)
    const status = async () => (await product.call(identity.whoami, {}, { 'x-api-key': key })).status
    expect(await status()).toBe(200)
    await expect.poll(status, { timeout: 5_000 }).toBe(401)
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt))
    const { items } = await product.execute(identity.listKeys, organization.caller(), { limit: 50 })
    expect(items.find(({ id }) => id === apiKey.id)).toMatchObject({ expiresAt, revokedAt: null })
  })

  test('cannot be made when that is past', async () => {
    const organization = await product.given.organization()
    const input = { name: 'Too late', role: 'Viewer', expiresAt: '2020-01-01T00:00:00Z' }
    expect((await product.call(identity.createKey, input, { 'x-api-key': organization.keys.OrgAdmin })).body).toMatchObject({
      status: 422,
      error: 'EXPIRY_PASSED',
    })
  })
})
