/**
 * What the official conformance suite asks a server to have, offered only while the suite runs (MCP_CONFORMANCE=1).
 * The suite cannot send our API key: while it runs, whoever asks from this machine without one sees these and no more.
 */
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Caller } from '../platform/context.ts'
import { asStandardSchema } from '../platform/mcp.ts'

export const conformance = () => process.env.MCP_CONFORMANCE === '1'

/** Nobody: no organization, no permissions, hence no tool but the fixtures. */
export const suite = (requestId: string): Caller => ({
  actor: {
    id: null,
    kind: 'agent',
    email: 'conformance@tater.invalid',
    name: 'Conformance suite',
    organizationId: null,
    organizationName: null,
    role: null,
    superAdmin: false,
    provider: null,
    permissions: new Set(),
  },
  channel: 'mcp',
  requestId,
})

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const silence = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='

const text = (words: string) => ({ type: 'text' as const, text: words })
const image = { type: 'image' as const, data: pixel, mimeType: 'image/png' }
const audio = { type: 'audio' as const, data: silence, mimeType: 'audio/wav' }
const resource = (uri: string, mimeType: string, words: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: words },
})

const answers = {
  test_simple_text: [text('This is a simple text response for testing.')],
  test_image_content: [image],
  test_audio_content: [audio],
  test_embedded_resource: [resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  test_multiple_content_types: [
    text('Multiple content types test:'),
    image,
    resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
  ],
}

/** @param toolsChanged tells whoever listens that there are other tools now */
export function conformanceFixtures(server: McpServer, toolsChanged: () => void) {
  const nothing = z.object({})
  for (const [name, content] of Object.entries(answers)) {
    server.registerTool(name, { description: 'Answers with this kind of content', inputSchema: nothing }, async () => ({
      content,
    }))
  }
  server.registerTool('test_trigger_tool_change', { description: 'Tells of other tools', inputSchema: nothing }, async () => {
    toolsChanged()
    return { content: [text('Done')] }
  })
  server.registerTool('test_error_handling', { description: 'Answers with an error', inputSchema: nothing }, async () => ({
    isError: true,
    content: [text('This tool intentionally returns an error for testing')],
  }))
  server.registerTool(
    'test_tool_with_progress',
    { description: 'Tells its progress', inputSchema: nothing },
    async (_input, context) => {
      const progressToken = context.mcpReq._meta?.progressToken
      if (progressToken !== undefined) {
        for (const progress of [0, 50, 100]) {
          await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } })
        }
      }
      return { content: [text('Done')] }
    },
  )
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Tool with JSON Schema 2020-12 features', inputSchema: asStandardSchema(wholeVocabulary) },
    async () => ({ content: [text('Done')] }),
  )
}

const wholeVocabulary = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  ...JSON.parse(
    '{"if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},"then":{"required":["phone"]},"else":{"required":["email"]}}',
  ),
  additionalProperties: false,
}
