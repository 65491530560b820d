import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const address = `http://localhost:${process.env.TATER_PORT ?? 4800}`
/** The product itself, as if the page came from it: it refuses changes that come from elsewhere. */
const server = { target: address, changeOrigin: true, headers: { origin: address } }

export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { port: 4801, fs: { allow: ['..'] }, proxy: { '/api': server, '/mcp': server, '/docs': server } },
})
