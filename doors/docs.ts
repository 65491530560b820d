/** `/openapi.json`, a readable page of it at `/docs`, and a page for each error under `/docs/errors`. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { NotFound } from '../platform/problem.ts'
import { say } from './refusals.ts'

const errorPages = join(import.meta.dirname, '..', 'docs', 'errors')

/** @param document makes the OpenAPI document; asked for it when somebody first wants to read it */
export async function serveDocs(app: FastifyInstance, document: () => object) {
  let openapi: string | undefined
  app.get('/openapi.json', (_request, reply) => {
    openapi ??= JSON.stringify(document())
    return reply.type('application/json').send(openapi)
  })
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  await app.register(fastifyStatic, {
    root: assets,
    prefix: '/docs/assets/',
    decorateReply: false,
    index: false,
    allowedPath: (path) => /^\/?(swagger-ui(-bundle|-standalone-preset)?\.(js|css)|favicon-32x32\.png)$/.test(path),
  })
  app.get('/docs/start.js', (_request, reply) => reply.type('text/javascript').send(start))
  app.get('/docs', (_request, reply) => reply.type('text/html').send(page))
  app.get('/docs/errors/:code', async (request, reply) => {
    const { code } = request.params as { code: string }
    const text = /^[A-Za-z_]{1,60}$/.test(code) ? await readFile(join(errorPages, `${code}.md`), 'utf8').catch(() => null) : null
    if (text === null) throw NotFound(say.noErrorPage)
    return reply.type('text/plain; charset=utf-8').send(text)
  })
}

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>TATER Ops API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css"></head><body><div id="api"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>`

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, docExpansion: 'list', filter: true, defaultModelsExpandDepth: 0, tryItOutEnabled: true, persistAuthorization: false })`
