/** Markdown as people wrote it: no raw HTML, links that leave openly, images only from our own attachments. */
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import css from './markdown.module.css'
import { text } from './text.ts'

const own = /^\/api\/tasker\/attachments\/[\w-]+(\?[\w=&]*)?$/

const components: Components = {
  a: ({ href, children }) => (
    <a href={href} rel="noopener noreferrer nofollow" target="_blank">
      {children}
    </a>
  ),
  img: ({ src, alt }) =>
    typeof src === 'string' && own.test(src) ? (
      <img src={src} alt={alt ?? ''} loading="lazy" />
    ) : (
      <em>{text.imageElsewhere({ address: alt || String(src ?? '') })}</em>
    ),
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: code scrolls sideways, so the keyboard must reach it
    <pre tabIndex={0}>{children}</pre>
  ),
  // A description is no chapter: its headings stay below the page's own.
  h1: ({ children }) => <h4>{children}</h4>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h4>{children}</h4>,
}

export default function Markdown({ source }: { source: string }) {
  return (
    <div className={css.markdown} dir="auto">
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={components} skipHtml>
        {source}
      </ReactMarkdown>
    </div>
  )
}
