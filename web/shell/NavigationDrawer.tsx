import { Drawer } from '@mantine/core'
import { text } from '../text.ts'
import { Navigation } from './Navigation.tsx'

/** The main navigation on a narrow screen, over the page. */
export const NavigationDrawer = ({ opened, onClose }: { opened: boolean; onClose: () => void }) => (
  <Drawer opened={opened} onClose={onClose} size={260} title={text.product} closeButtonProps={{ 'aria-label': text.nav.close }}>
    <nav aria-label={text.nav.label}>
      <Navigation onGo={onClose} />
    </nav>
  </Drawer>
)
