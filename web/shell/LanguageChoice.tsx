import { NativeSelect } from '@mantine/core'
import { chooseLanguage, language, languages } from '../../platform/react/i18n.ts'
import { text } from '../text.ts'

const choices = Object.entries(languages).map(([value, label]) => ({ value, label }))
/** A disguise for trying out is shown as long as it is worn. */
const data = language in languages ? choices : [{ value: language, label: language }, ...choices]

/** The language of the product; another one reloads the page. Each stands there by its own name. */
export const LanguageChoice = ({ label }: { label?: string }) => (
  <NativeSelect
    size="xs"
    label={label}
    aria-label={text.header.language}
    data={data}
    value={language}
    onChange={(event) => chooseLanguage(event.currentTarget.value)}
  />
)
