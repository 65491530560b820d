import { SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core'
import { useKept } from '../../platform/react/preferences.ts'
import { text } from '../text.ts'
import { LanguageChoice } from './LanguageChoice.tsx'

const words = text.header

/** How the app looks and listens; kept in the browser. */
export function PersonSettings() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [shortcuts, setShortcuts] = useKept('shortcuts', 'on')
  return (
    <>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={words.theme}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as 'light')}
        data={[
          { value: 'light', label: words.light },
          { value: 'dark', label: words.dark },
          { value: 'auto', label: words.auto },
        ]}
      />
      <div style={{ marginBlockStart: 10 }}>
        <LanguageChoice label={words.language} />
      </div>
      <Switch
        mt={10}
        size="xs"
        label={words.shortcuts}
        checked={shortcuts === 'on'}
        onChange={(event) => setShortcuts(event.currentTarget.checked ? null : 'off')}
      />
    </>
  )
}
