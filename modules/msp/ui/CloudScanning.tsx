import { Notice, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import css from './msp.module.css'
import { text } from './text.ts'
import { WebhookForm } from './WebhookForm.tsx'

const words = text.scanning

/** Settings → Cloud Scanning: the organization's own webhook, for its OrgAdmins and a provider at T3. */
export default function CloudScanning() {
  const mayManage = useMay()('credentials.manage')
  const scanning = useRead('msp.scanning', {}, { enabled: mayManage })
  const change = useChange()
  return (
    <section className={css.webhook} aria-label={words.title}>
      <p data-muted>{words.lead}</p>
      {!mayManage && <Notice>{words.notYours}</Notice>}
      <ProblemNotice error={scanning.error} />
      {mayManage && scanning.isPending && !scanning.error && <Waiting lines={4} />}
      {scanning.data && <WebhookForm scanning={scanning.data} onSave={(input) => change('msp.save-scanning', input)} />}
    </section>
  )
}
