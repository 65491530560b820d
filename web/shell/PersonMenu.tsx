import { Menu } from '@mantine/core'
import { IconKey, IconKeyboard, IconLogout, IconPlugConnected, IconShieldLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Output } from '../../platform/client.ts'
import { onDemand } from '../../platform/react/demand.tsx'
import { wordOf } from '../../platform/react/vocabulary.ts'
import { initials } from '../../platform/react/words.ts'
import { useMay } from '../../platform/react.tsx'
import { text } from '../text.ts'
import css from './shell.module.css'
import { useLeave } from './use-session.ts'

const PersonSettings = onDemand(() => import('./PersonSettings.tsx').then((module) => module.PersonSettings))
const words = text.header

/** Who is signed in, and what they set for themselves. */
export function PersonMenu({ me, onHelp }: { me: Output<'identity.whoami'>; onHelp: () => void }) {
  const may = useMay()
  const leave = useLeave()
  return (
    <Menu position="bottom-end" width={260} closeOnItemClick>
      <Menu.Target>
        <button
          type="button"
          className={css.person}
          aria-label={`${words.person}: ${me.name || me.email}`}
          onPointerEnter={PersonSettings.preload}
          onFocus={PersonSettings.preload}
          data-initials={initials(me.name || me.email)}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '6px 12px 8px' }}>
          <div style={{ fontWeight: 600 }}>{me.name}</div>
          <div data-muted>{me.email}</div>
          <div data-muted>{words.role({ role: wordOf(me.organization!.role), organization: me.organization!.name })}</div>
        </div>
        <div style={{ padding: '0 8px 8px', minHeight: 121 }}>
          <PersonSettings />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onHelp}>
          {words.shortcutsHelp}
        </Menu.Item>
        <Menu.Item leftSection={<IconShieldLock size={16} />} component={Link} to="/account/security">
          {words.security}
        </Menu.Item>
        <Menu.Item leftSection={<IconPlugConnected size={16} />} component={Link} to="/settings/apps">
          {words.apps}
        </Menu.Item>
        {may('keys.manage') && (
          <Menu.Item leftSection={<IconKey size={16} />} component={Link} to="/manage/keys">
            {words.keys}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
