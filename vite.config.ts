import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const address = `http://localhost:${process.env.TATER_PORT ?? 4800}`
/** The product itself, as if the page came from it: it refuses changes that come from elsewhere. */
const server = { target: address, changeOrigin: true, headers: { origin: address } }

/**
 * The page asks for the app at once, not only when main.tsx, which loads it after the language, has arrived.
 * Its imports as well; the chunks of pages stay lazy.
 */
const preloadApp: Plugin = {
  name: 'preload-app',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle = {} }) {
      const app = Object.values(bundle).find((each) => each.type === 'chunk' && each.name === 'app')
      const files = app?.type === 'chunk' ? [app.fileName, ...app.imports] : []
      return files.map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` } }))
    },
  },
}

/** What decides on the language comes first and alone; the app and all it needs at once is one chunk, which compresses best. */
const chunks = [
  {
    name: 'language',
    test: /platform\/react\/(i18n|kept)\.ts|node_modules\/(nanostores|@nanostores)\/|vite\/preload-helper/,
    priority: 2,
  },
  { name: 'app', test: /web\/app\.tsx$/, priority: 1 },
]

export default defineConfig({
  root: 'web',
  plugins: [react(), preloadApp],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  server: { port: 4801, fs: { allow: ['..'] }, proxy: { '/api': server, '/mcp': server, '/docs': server } },
})
