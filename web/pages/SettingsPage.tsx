import CloudScanning from '../../modules/msp/ui/CloudScanning.tsx'
import { text as msp } from '../../modules/msp/ui/text.ts'
import { SettingsPage as Settings } from '../../modules/settings/ui/SettingsPage.tsx'

const more = [{ value: 'scanning', label: msp.scanning.title, Panel: CloudScanning }]

/** The settings with the tabs of all modules. */
export default function SettingsPage() {
  return <Settings more={more} />
}
