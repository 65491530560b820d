/** What the official conformance suite asks a server to have, offered only while the suite runs (MCP_CONFORMANCE=1). */
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

export function conformanceFixtures(server: McpServer) {
  server.registerTool('test_simple_text', { description: 'Answers a text', inputSchema: z.object({}) }, async () => ({
    content: [{ type: 'text', text: 'This is a simple text response for testing.' }],
  }))
  server.registerTool('test_error_handling', { description: 'Answers an error', inputSchema: z.object({}) }, async () => ({
    isError: true,
    content: [{ type: 'text', text: 'This tool intentionally returns an error for testing' }],
  }))
}
