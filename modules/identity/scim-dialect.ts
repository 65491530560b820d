/**
 * SCIM as directories speak it (RFC 7643, 7644), Entra ID's dialects included: booleans as texts, values without a path,
 * dotted keys inside values. Pure; what is understood becomes the attributes of operations/scim.ts.
 */
import type { DirectoryPerson } from './operations/scim.ts'

/** A refusal in SCIM's words (RFC 7644 §3.12). */
export class ScimRefusal extends Error {
  readonly status: number
  readonly scimType: string | undefined
  constructor(status: number, detail: string, scimType?: string) {
    super(detail)
    this.status = status
    this.scimType = scimType
  }
}

export const schemas = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  config: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
}

export type Said = {
  userName?: string
  externalId?: string
  displayName?: string
  givenName?: string
  familyName?: string
  active?: boolean
  email?: string
}

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const invalid = (detail: string) => new ScimRefusal(400, detail, 'invalidValue')

function textOf(name: string, value: unknown, max: number): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string' && typeof value !== 'number') throw invalid(`${name} must be a string.`)
  const text = String(value).trim()
  if (text.length > max || text.includes('\u0000') || !text.isWellFormed())
    throw invalid(`${name} takes at most ${max} characters.`)
  return text
}

/** Entra ID sends "True" and "False". */
function booleanOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string' && /^(true|false)$/i.test(value.trim())) return value.trim().toLowerCase() === 'true'
  throw invalid('active must be true or false.')
}

/** What one attribute sets; names are compared without case. Attributes nobody here keeps are passed over. */
function setAttribute(said: Said, path: string, value: unknown): void {
  const name = path.toLowerCase().replace(`${schemas.user.toLowerCase()}:`, '')
  if (name === 'username') {
    said.userName = textOf('userName', value, 254)
    if (!said.userName) throw invalid('userName must not be empty.')
  } else if (name === 'externalid') said.externalId = textOf('externalId', value, 254)
  else if (name === 'displayname' || name === 'name.formatted') {
    const formatted = textOf(path, value, 200)
    if (name === 'displayname' || !said.displayName) said.displayName = formatted
  } else if (name === 'name.givenname') said.givenName = textOf('givenName', value, 100)
  else if (name === 'name.familyname') said.familyName = textOf('familyName', value, 100)
  else if (name === 'active') said.active = value === null || value === undefined ? true : booleanOf(value)
  else if (name === 'name' && isObject(value))
    for (const [key, part] of Object.entries(value)) setAttribute(said, `name.${key}`, part)
  else if (name === 'emails') said.email = primaryOf(value)
  else if (/^emails\[.*\]\.value$/.test(name)) said.email = textOf('emails.value', value, 254)
}

function primaryOf(emails: unknown): string {
  const list = (Array.isArray(emails) ? emails : [emails]).filter(isObject)
  const primary = list.find((email) => email.primary === true || /^true$/i.test(String(email.primary))) ?? list[0]
  return textOf('emails.value', primary?.value, 254)
}

/** A whole resource, as POST and PUT bring it. */
export function saidInResource(body: unknown): Said & { userName: string } {
  if (!isObject(body)) throw new ScimRefusal(400, 'The body must be a JSON object.', 'invalidSyntax')
  const said: Said = {}
  for (const [key, value] of Object.entries(body)) setAttribute(said, key, value)
  if (!said.userName) throw invalid('userName is required.')
  return { ...said, userName: said.userName }
}

/** Path, or path with a filter in brackets and a sub-attribute (RFC 7644 §3.5.2, figure 7). */
const pathShape = /^[A-Za-z$][\w$:.-]*(\[[^[\]]+\](\.[A-Za-z]\w*)?)?$/

/** What the operations of a PATCH come to, in their order. */
export function saidInPatch(body: unknown): Said {
  const operations = isObject(body) ? (body.Operations ?? body.operations) : undefined
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimRefusal(400, 'A PATCH needs a list of Operations.', 'invalidSyntax')
  if (operations.length > 100) throw new ScimRefusal(400, 'A PATCH takes at most 100 operations.', 'tooMany')
  const said: Said = {}
  for (const operation of operations) {
    if (!isObject(operation)) throw new ScimRefusal(400, 'An operation must be an object.', 'invalidSyntax')
    const op = String(operation.op ?? '').toLowerCase()
    const { path, value } = operation
    if (!['add', 'replace', 'remove'].includes(op))
      throw new ScimRefusal(
        400,
        `"${String(operation.op).slice(0, 40)}" is no operation; use add, replace or remove.`,
        'invalidSyntax',
      )
    if (path !== undefined && (typeof path !== 'string' || !pathShape.test(path)))
      throw new ScimRefusal(400, `"${String(path).slice(0, 100)}" is no path.`, 'invalidPath')
    if (op === 'remove') {
      if (!path) throw new ScimRefusal(400, 'A remove needs a path.', 'noTarget')
      removeAttribute(said, path)
    } else if (path) setAttribute(said, path, value)
    else if (isObject(value)) for (const [key, part] of Object.entries(value)) setAttribute(said, key, part)
    else throw invalid('Without a path, value must be an object.')
  }
  return said
}

function removeAttribute(said: Said, path: string) {
  const name = path.toLowerCase()
  if (name === 'username' || name === 'active') throw new ScimRefusal(400, `${path} cannot be removed.`, 'mutability')
  setAttribute(said, path, name === 'name' ? { formatted: '', givenName: '', familyName: '' } : '')
}

export type Filter = { userName?: string; externalId?: string; id?: string }

/** `userName eq "ann@example.com"`, the one filter directories send before they add somebody; externalId and id likewise. */
export function filterOf(text: unknown): Filter {
  if (text === undefined || text === '') return {}
  const match = /^\s*(userName|externalId|id|emails(?:\[[^\]]*\])?\.value)\s+eq\s+"((?:[^"\\]|\\.)*)"\s*$/i.exec(String(text))
  if (!match) throw new ScimRefusal(400, 'Filters here are: userName eq "…", externalId eq "…", id eq "…".', 'invalidFilter')
  const value = unquoted(match[2]!)
  const name = match[1]!.toLowerCase()
  if (name === 'externalid') return { externalId: value }
  return name === 'id' ? { id: value } : { userName: value }
}

function unquoted(text: string): string {
  try {
    return (JSON.parse(`"${text}"`) as string).slice(0, 254)
  } catch {
    throw new ScimRefusal(400, 'The text in the filter is not well formed.', 'invalidFilter')
  }
}

/** A person as a SCIM resource; `base` is the address of the organization's SCIM service. */
export function resourceOf(person: DirectoryPerson, base: string) {
  const { id, email, userName, externalId, displayName, givenName, familyName, active, version, createdAt, updatedAt } = person
  return {
    schemas: [schemas.user],
    id,
    ...(externalId && { externalId }),
    userName,
    displayName,
    name: { formatted: displayName, ...(givenName && { givenName }), ...(familyName && { familyName }) },
    emails: [{ value: email, type: 'work', primary: true }],
    active,
    meta: {
      resourceType: 'User',
      created: createdAt,
      lastModified: updatedAt,
      location: `${base}/Users/${id}`,
      version: `W/"${version}"`,
    },
  }
}

/** What this service can do (RFC 7643 §5). */
export const serviceConfig = (base: string, documentation: string) => ({
  schemas: [schemas.config],
  documentationUri: documentation,
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 200 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'A SCIM token of the organization, made under Manage, Sign-in & SCIM.',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
})

export const userResourceType = (base: string) => ({
  schemas: [schemas.resourceType],
  id: 'User',
  name: 'User',
  endpoint: '/Users',
  description: 'People of the organization',
  schema: schemas.user,
  meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/User` },
})

const attribute = (name: string, type: string, description: string, more: Json = {}) => ({
  name,
  type,
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
})

export const userSchema = (base: string) => ({
  schemas: [schemas.schema],
  id: schemas.user,
  name: 'User',
  description: 'A person of the organization',
  attributes: [
    attribute('userName', 'string', 'Unique in the organization; usually the address', { required: true, uniqueness: 'server' }),
    attribute('displayName', 'string', 'The name people see'),
    attribute('name', 'complex', 'Parts of the name', {
      subAttributes: ['formatted', 'givenName', 'familyName'].map((name) => attribute(name, 'string', 'Part of the name')),
    }),
    attribute('active', 'boolean', 'Whether the person is a member of the organization'),
    attribute('emails', 'complex', 'The address of the account; set when the person is added', {
      multiValued: true,
      mutability: 'immutable',
      subAttributes: [
        attribute('value', 'string', 'The address'),
        attribute('type', 'string', 'Always work'),
        attribute('primary', 'boolean', 'Always true'),
      ],
    }),
  ],
  meta: { resourceType: 'Schema', location: `${base}/Schemas/${schemas.user}` },
})
