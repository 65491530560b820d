/** SCIM 2.0 of each organization, at `/api/scim/v2/<organization id>`: for directories such as Entra ID and Okta. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import * as people from '../modules/identity/operations/scim.ts'
import * as identity from '../modules/identity/operations.ts'
import * as scim from '../modules/identity/scim-dialect.ts'
import type { Caller } from '../platform/context.ts'
import type { Database } from '../platform/database.ts'
import type { Execute } from '../platform/execute.ts'
import { readBodiesAs } from '../platform/http.ts'
import { isUuid } from '../platform/ids.ts'
import { asProblem } from '../platform/problem.ts'

type Parts = { execute: Execute; database: Database; publicUrl: string }
type Holder = NonNullable<Awaited<ReturnType<typeof identity.holderOfScimToken>>>
type Role = 'Requester' | 'Viewer' | 'Auditor'

const contentType = 'application/scim+json'

export function serveScim(app: FastifyInstance, parts: Parts) {
  app.register((scope, _options, done) => {
    readBodiesAs(scope, contentType)
    scope.setErrorHandler((error, request, reply) => {
      const refusal = inScimWords(error)
      if (refusal.status >= 500) request.log.error({ err: error }, 'scim')
      if (refusal.status === 401) reply.header('www-authenticate', 'Bearer realm="scim"')
      const { status, scimType, message: detail } = refusal
      const body = { schemas: [scim.schemas.error], status: String(status), ...(scimType && { scimType }), detail }
      return reply.code(status).type(contentType).send(JSON.stringify(body))
    })
    serveService(scope, parts)
    servePeople(scope, parts)
    scope.all('/api/scim/v2/:organizationId/*', async () => {
      throw new scim.ScimRefusal(404, 'There is no such endpoint here. People are at /Users; groups are not offered.')
    })
    done()
  })
}

/** What the service can do. Directories read it before they have a token. */
function serveService(app: FastifyInstance, { publicUrl }: Parts) {
  const offer = (path: string, make: (base: string) => object) =>
    app.get(`/api/scim/v2/:organizationId${path}`, async (request, reply) =>
      reply.type(contentType).send(JSON.stringify(make(baseOf(publicUrl, request)))),
    )
  const list = (resources: object[]) => ({
    schemas: [scim.schemas.list],
    totalResults: resources.length,
    startIndex: 1,
    itemsPerPage: resources.length,
    Resources: resources,
  })
  offer('/ServiceProviderConfig', (base) => scim.serviceConfig(base, `${publicUrl}/docs`))
  offer('/ResourceTypes', (base) => list([scim.userResourceType(base)]))
  offer('/ResourceTypes/User', scim.userResourceType)
  offer('/Schemas', (base) => list([scim.userSchema(base)]))
  offer(`/Schemas/${scim.schemas.user.replaceAll(':', '::')}`, scim.userSchema)
}

const Page = z.object({
  startIndex: z.coerce
    .number()
    .int()
    .catch(1)
    .transform((index) => Math.min(Math.max(index, 1), 10_000_000)),
  count: z.coerce
    .number()
    .int()
    .catch(100)
    .transform((count) => Math.min(Math.max(count, 0), 200)),
})

function servePeople(app: FastifyInstance, parts: Parts) {
  const { execute, publicUrl } = parts
  const root = '/api/scim/v2/:organizationId/Users'
  const answer = (request: FastifyRequest, person: people.DirectoryPerson) =>
    JSON.stringify(scim.resourceOf(person, baseOf(publicUrl, request)))

  app.get(root, async (request, reply) => {
    const { caller } = await knock(parts, request)
    const { filter, ...page } = request.query as Record<string, unknown>
    const { startIndex, count } = Page.parse(page)
    const wanted = scim.filterOf(filter)
    const { total, items } =
      wanted.id !== undefined && !isUuid(wanted.id)
        ? { total: 0, items: [] }
        : await execute(people.findPeople, caller, { ...wanted, startIndex, count })
    const base = baseOf(publicUrl, request)
    const body = {
      schemas: [scim.schemas.list],
      totalResults: total,
      startIndex,
      itemsPerPage: items.length,
      Resources: items.map((person) => scim.resourceOf(person, base)),
    }
    return reply.type(contentType).send(JSON.stringify(body))
  })

  app.get(`${root}/:id`, async (request, reply) => {
    const { caller } = await knock(parts, request)
    const person = await one(execute, caller, idOf(request))
    return reply.type(contentType).send(answer(request, person))
  })

  app.post(root, async (request, reply) => {
    const { caller, holder } = await knock(parts, request)
    const { email = null, ...said } = scim.saidInResource(request.body)
    const person = await execute(people.addPerson, caller, { ...blank, ...said, email, ...heldBy(holder) })
    const { meta } = scim.resourceOf(person, baseOf(publicUrl, request))
    return reply.code(201).header('location', meta.location).type(contentType).send(answer(request, person))
  })

  app.put(`${root}/:id`, async (request, reply) => {
    const { caller, holder } = await knock(parts, request)
    const { email: _, ...said } = scim.saidInResource(request.body)
    const person = await execute(people.changePerson, caller, { id: idOf(request), ...blank, ...said, ...heldBy(holder) })
    return reply.type(contentType).send(answer(request, person))
  })

  app.patch(`${root}/:id`, async (request, reply) => {
    const { caller, holder } = await knock(parts, request)
    const { email: _, ...said } = scim.saidInPatch(request.body)
    const person = await execute(people.changePerson, caller, { id: idOf(request), ...said, ...heldBy(holder) })
    return reply.type(contentType).send(answer(request, person))
  })

  app.delete(`${root}/:id`, async (request, reply) => {
    const { caller, holder } = await knock(parts, request)
    await execute(people.removePerson, caller, { id: idOf(request), tokenId: holder.tokenId })
    return reply.code(204).send()
  })
}

/** What a whole resource leaves out is empty; who is not said to be inactive is active. */
const blank = { externalId: '', displayName: '', givenName: '', familyName: '', active: true }

const heldBy = ({ defaultRole, tokenId }: Holder) => ({ defaultRole: defaultRole as Role, tokenId })

const baseOf = (publicUrl: string, request: FastifyRequest) =>
  `${publicUrl}/api/scim/v2/${encodeURIComponent((request.params as { organizationId: string }).organizationId)}`

/** An id nobody could have is answered as one nobody has. */
function idOf(request: FastifyRequest): string {
  const { id } = request.params as { id: string }
  if (!isUuid(id)) throw new scim.ScimRefusal(404, `Resource ${id} not found`)
  return id
}

async function one(execute: Execute, caller: Caller, id: string) {
  const { items } = await execute(people.findPeople, caller, { id, startIndex: 1, count: 1 })
  if (!items[0]) throw new scim.ScimRefusal(404, `Resource ${id} not found`)
  return items[0]
}

/** A token of exactly the organization in the address; it may manage members, and nothing else. */
async function knock({ database }: Parts, request: FastifyRequest): Promise<{ caller: Caller; holder: Holder }> {
  const token = /^Bearer\s+(scim_[0-9a-f]{48})$/i.exec(request.headers.authorization ?? '')?.[1]
  const holder = token && (await identity.holderOfScimToken(database, token))
  const { organizationId } = request.params as { organizationId: string }
  if (!holder || holder.organizationId !== organizationId.toLowerCase())
    throw new scim.ScimRefusal(401, 'Send a SCIM token of this organization as Authorization: Bearer scim_….')
  const actor: Caller['actor'] = {
    id: holder.tokenId,
    kind: 'key',
    email: `${holder.prefix}@scim.invalid`,
    name: `Directory (${holder.prefix}…)`,
    organizationId: holder.organizationId,
    organizationName: holder.organizationName,
    role: null,
    superAdmin: false,
    provider: null,
    permissions: new Set(['members.manage']),
  }
  return { caller: { actor, channel: 'scim', requestId: request.id }, holder }
}

/** Every refusal in SCIM's form. */
function inScimWords(error: unknown): scim.ScimRefusal {
  if (error instanceof scim.ScimRefusal) return error
  const { status, code, message } = asProblem(error)
  if (code === 'CONFLICT') return new scim.ScimRefusal(409, message, 'uniqueness')
  if (status === 422) return new scim.ScimRefusal(400, message, 'invalidValue')
  if (status === 400) return new scim.ScimRefusal(400, message, 'invalidSyntax')
  return new scim.ScimRefusal(status, message)
}
