/** The look in one place: palette and sizes for Mantine; `styles.css` holds the same as CSS variables. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'
import { text } from '../platform/react/text.ts'

/** The product's own accent; shade 6 stands 4.5:1 on white. */
const russet: MantineColorsTuple = [
  '#fef2ed',
  '#fae2d8',
  '#f4cab7',
  '#eca88a',
  '#e08c66',
  '#cf7347',
  '#b35a2d',
  '#a04f27',
  '#874220',
  '#663118',
]

const dark: MantineColorsTuple = [
  '#ececec',
  '#d2d2d2',
  '#a8a8a8',
  '#8a8a8a',
  '#4a4a4a',
  '#3a3a3a',
  '#262626',
  '#1c1c1c',
  '#161616',
  '#101010',
]

export const theme = createTheme({
  primaryColor: 'russet',
  primaryShade: { light: 6, dark: 6 },
  colors: { russet, dark },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.45', sm: '1.45', md: '1.45', lg: '1.45', xl: '1.3' },
  headings: { fontWeight: '600' },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '8px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { root: { fontWeight: 500 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Modal: {
      defaultProps: {
        centered: false,
        yOffset: '8vh',
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': text.close },
        // A dialog's heading is no banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
      styles: { title: { fontSize: '1rem', fontWeight: 600 } },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': text.dismiss } } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md', position: 'bottom-start' } },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Tooltip: {
      defaultProps: { openDelay: 300, transitionProps: { duration: 80 }, events: { hover: true, focus: true, touch: true } },
    },
    TextInput: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    Textarea: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    Select: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'], comboboxProps: { shadow: 'md' } } },
    Autocomplete: {
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'], comboboxProps: { shadow: 'md' } },
    },
    NumberInput: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    MultiSelect: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    TagsInput: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
  },
})

/** Mantine's own variables, pointed at ours. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--page)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--muted)',
    '--mantine-color-error': 'var(--red)',
    '--mantine-color-default': 'var(--raised)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--edge)',
    '--mantine-color-placeholder': 'var(--faint)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-color-gray-light-color': 'var(--text)',
    '--mantine-color-gray-subtle-color': 'var(--muted)',
    '--mantine-color-gray-outline': 'var(--edge)',
    '--mantine-color-russet-light-color': 'var(--accent-text)',
    '--mantine-color-russet-outline': 'var(--accent-text)',
    '--mantine-color-russet-text': 'var(--accent-text)',
  }
  return { variables: {}, light: shared, dark: shared }
}
