import '@fontsource-variable/inter/wght.css'
import './mantine.css'
import './styles.css'
import { direction, language, translate } from '../platform/react/i18n.ts'

/** Each language but English is a chunk of its own, made of every `de.json` there is. */
const translations: Record<string, () => Promise<{ all: Parameters<typeof translate>[0] }>> = {
  de: () => import('./languages/de.ts'),
}

document.documentElement.lang = language
document.documentElement.dir = direction

// Texts are read as the modules load, so their translations come first.
const load = translations[language]
if (load) translate((await load()).all)
const { start } = await import('./app.tsx')
start(document.getElementById('root')!)
