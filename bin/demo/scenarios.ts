/** What happens in the demo's organizations: tickets as people write them. */
export type Profile = 'basic' | 'itil-incident' | 'itil-service-request' | 'itil-problem' | 'nist-ir'

export type Scenario = {
  profile: Profile
  title: string
  description: string
  category: string
  impact?: 'High' | 'Medium' | 'Low'
  urgency?: 'High' | 'Medium' | 'Low'
  severity?: string
  tags?: string[]
  service?: string
  items?: string[]
  /** Who says what while it is worked on: `r` the requester, `t` the technician in public, `n` a note among staff. */
  talk: [who: 'r' | 't' | 'n', text: string][]
  resolution?: [code: string, notes: string]
}

export const scenarios: Scenario[] = [
  {
    profile: 'itil-incident',
    title: 'Outlook keeps asking for the password',
    category: 'IT',
    impact: 'Low',
    urgency: 'Medium',
    tags: ['email', 'm365'],
    service: 'Email',
    description:
      'Since this morning Outlook asks for my password every few minutes. Webmail works.\n\n- Windows 11, laptop `LT-0142`\n- started after the update last night',
    talk: [
      ['t', 'Thanks for the details. I can see a stale token on your laptop and am clearing it now. Please leave Outlook open.'],
      ['n', 'Cached credential from before the tenant migration. Same as the two cases last week.'],
      ['r', 'It stopped asking. Thank you!'],
    ],
    resolution: ['Configuration', 'Removed the stale credential and signed the profile in again.'],
  },
  {
    profile: 'itil-incident',
    title: 'VPN drops every ten minutes from home',
    category: 'IT',
    impact: 'Medium',
    urgency: 'Medium',
    tags: ['vpn', 'network'],
    service: 'Remote access',
    items: ['fw-edge-01'],
    description: 'The VPN connects fine and then drops after about ten minutes. Happens on two different home networks.',
    talk: [
      ['n', 'Idle timeout on the edge firewall was lowered in the last change window.'],
      ['t', 'We found the setting that causes this and are testing the correction with you as pilot, if that is all right.'],
      ['r', 'Sure, go ahead. I am on until five.'],
    ],
    resolution: ['Configuration', 'Raised the idle timeout back to eight hours on fw-edge-01.'],
  },
  {
    profile: 'itil-incident',
    title: 'Reception printer prints blank pages',
    category: 'IT',
    impact: 'Low',
    urgency: 'Low',
    tags: ['printer'],
    items: ['prn-reception'],
    description: 'Every second page is blank. Toner was changed on Monday.',
    talk: [
      ['t', 'Could you tell me whether the blank pages come out when copying too, or only when printing?'],
      ['r', 'Only when printing from the PC.'],
    ],
    resolution: ['Hardware', 'Replaced the driver; the duplex setting had been reset.'],
  },
  {
    profile: 'itil-incident',
    title: 'Practice management system is down for everybody',
    category: 'IT',
    impact: 'High',
    urgency: 'High',
    tags: ['outage'],
    service: 'Practice management',
    items: ['app-pms-01', 'db-pms-01'],
    description:
      'Nobody can open patient records. Error: *cannot reach the application server*. Front desks of all sites are affected.',
    talk: [
      ['t', 'We are on it. All sites are affected; the database server does not answer. Next update in 15 minutes.'],
      ['n', 'db-pms-01 ran out of disk: transaction logs filled the volume after the backup job failed.'],
      ['t', 'The service is back since 09:42. We keep watching it and will send what caused this.'],
      ['r', 'Confirmed, all front desks can work again.'],
    ],
    resolution: ['Capacity', 'Freed the log volume on db-pms-01, restarted the application, fixed the backup job.'],
  },
  {
    profile: 'itil-incident',
    title: 'Shared drive very slow in the Hamburg office',
    category: 'IT',
    impact: 'Medium',
    urgency: 'Low',
    tags: ['storage', 'network'],
    service: 'File services',
    items: ['nas-hh-01'],
    description: 'Opening a folder takes 20 to 30 seconds. Other offices are fine.',
    talk: [
      ['n', 'Interface on the access switch negotiated 100 Mbit/s.'],
      ['t', 'We see the cause: a network port is running far below its speed. A technician swaps the cable today.'],
    ],
    resolution: ['Hardware', 'Replaced a damaged patch cable; port is back at 1 Gbit/s.'],
  },
  {
    profile: 'itil-incident',
    title: 'Teams calls without sound on the new headsets',
    category: 'IT',
    impact: 'Low',
    urgency: 'Medium',
    tags: ['teams', 'audio'],
    description: 'Five colleagues got the new headsets; in Teams they cannot hear anything, music plays fine.',
    talk: [
      [
        't',
        'Please unplug the headset, wait ten seconds and plug it in again; Windows has picked the wrong output. Does that help?',
      ],
      ['r', 'Helps for three of five. The other two still have no sound.'],
      ['n', 'Firmware 1.8 needed, 1.6 shipped. Ordering from vendor portal.'],
    ],
    resolution: ['Software', 'Updated headset firmware to 1.8 on all five.'],
  },
  {
    profile: 'itil-service-request',
    title: 'New laptop for Marta Nowak, starting on the 1st',
    category: 'IT',
    tags: ['hardware', 'onboarding'],
    description: 'Standard office laptop, docking station and two screens. She sits in room 2.14.',
    talk: [
      ['t', 'Approved and ordered. Delivery is expected on the 27th; we install it before her first day.'],
      ['r', 'Perfect, thank you.'],
    ],
    resolution: ['Fulfilled', 'LT-0219 handed over, signed receipt attached to the asset.'],
  },
  {
    profile: 'itil-service-request',
    title: 'Access to the finance folder for the auditors',
    category: 'IT',
    tags: ['access'],
    description: 'Read-only access to `Finance/2026` for two external auditors until the end of the month.',
    talk: [
      ['n', 'Needs approval by the owner of the folder.'],
      ['t', 'Access is set up and ends automatically on the last day of the month.'],
    ],
    resolution: ['Fulfilled', 'Guest accounts with read access, expiry set.'],
  },
  {
    profile: 'itil-service-request',
    title: 'Install Visio on my workstation',
    category: 'IT',
    tags: ['software'],
    description: 'I need Visio to draw the network plans. A licence was approved by my manager.',
    talk: [['t', 'The licence is assigned. You will find Visio in the Company Portal within the hour.']],
    resolution: ['Fulfilled', 'Licence assigned through the group lic-visio.'],
  },
  {
    profile: 'itil-service-request',
    title: 'Re-enrol multi-factor sign-in after a phone change',
    category: 'IT',
    tags: ['mfa', 'access'],
    description: 'I have a new phone and cannot approve sign-ins any more.',
    talk: [
      ['n', 'Identity verified by call-back to the number on file.'],
      ['t', 'Your old phone is removed. Please open aka.ms/mfasetup and register the new one within 24 hours.'],
      ['r', 'Done, it works.'],
    ],
    resolution: ['Fulfilled', 'Old authenticator removed, new one registered.'],
  },
  {
    profile: 'itil-service-request',
    title: 'Shared mailbox for the spring campaign',
    category: 'IT',
    tags: ['email'],
    description: 'Please create `spring@` as a shared mailbox for the four people of the campaign team.',
    talk: [['t', 'The mailbox is there; it appears in Outlook after a restart.']],
    resolution: ['Fulfilled', 'Shared mailbox created, four members, send-as granted.'],
  },
  {
    profile: 'itil-problem',
    title: 'Backup jobs fail silently when the log volume is full',
    category: 'IT',
    severity: 'High',
    tags: ['backup'],
    service: 'Backup',
    description:
      'Third outage this quarter with the same trail: the backup job reports success although it wrote nothing, logs are not truncated, the volume fills up.',
    talk: [
      ['n', 'Reproduced on the test server: exit code 0 although the writer failed. Vendor case 44-1823 is open.'],
      ['n', 'Workaround: alert on log volume above 80 %.'],
    ],
    resolution: ['Known error', 'Vendor fix 7.2.4 installed everywhere; alert stays.'],
  },
  {
    profile: 'itil-problem',
    title: 'Wi-Fi roaming drops calls between floors',
    category: 'IT',
    severity: 'Medium',
    tags: ['wifi'],
    service: 'Wi-Fi',
    description: 'People walking between floors lose their calls. Eleven incidents in four weeks.',
    talk: [['n', 'Survey shows channel overlap on floors 2 and 3 and minimum rate too low.']],
    resolution: ['Design', 'New channel plan and minimum data rate.'],
  },
  {
    profile: 'nist-ir',
    title: 'Phishing mail with a fake invoice, two people entered their password',
    category: 'IT',
    severity: 'High',
    tags: ['phishing', 'security'],
    description:
      'Mail from `billing@invoices-portal.example` with a link to a copy of the sign-in page. Two people say they entered their password.',
    talk: [
      ['n', 'Both accounts: sessions revoked, passwords reset, no forwarding rules found. Sender blocked tenant-wide.'],
      ['n', 'Sign-in logs show one attempt from abroad, blocked by conditional access.'],
      ['t', 'Please do not open the mail if you still have it. Your account was secured; you can sign in with the new password.'],
    ],
    resolution: ['Credential theft', 'Accounts secured, mail purged from all mailboxes, awareness note sent.'],
  },
  {
    profile: 'nist-ir',
    title: 'Malware alert on a warehouse terminal',
    category: 'IT',
    severity: 'Medium',
    tags: ['malware', 'security'],
    items: ['ws-wh-07'],
    description: 'Endpoint protection reports `Trojan:Win32/Wacatac` on ws-wh-07, quarantined automatically.',
    talk: [['n', 'Isolated from the network. File came from a USB stick. Memory image taken.']],
    resolution: ['Malware', 'Terminal re-imaged, USB storage blocked by policy.'],
  },
  {
    profile: 'basic',
    title: 'Prepare the quarterly review with the client',
    category: 'Engagement',
    tags: ['qbr'],
    description: 'Numbers of the quarter, open risks, plan for the next one. Slides two days before.',
    talk: [['n', 'Numbers are in the folder. Waiting for the licence overview.']],
  },
  {
    profile: 'basic',
    title: 'Renewal offer for endpoint protection',
    category: 'Proposal',
    tags: ['renewal'],
    description: '120 seats, three years, compare with the current contract.',
    talk: [['n', 'Vendor price is valid until the 30th.']],
  },
  {
    profile: 'basic',
    title: 'Review the backup policy',
    category: 'DocumentReview',
    tags: ['policy'],
    description: 'Yearly review; the retention table is out of date.',
    talk: [],
  },
  {
    profile: 'basic',
    title: 'Call back: interested in managed Wi-Fi',
    category: 'Lead',
    tags: ['sales'],
    description: 'Two sites, about 80 people, asked for a rough price.',
    talk: [['n', 'Reached them, meeting on Thursday at ten.']],
  },
  {
    profile: 'itil-incident',
    title: 'Label printers offline since the network change',
    category: 'IT',
    impact: 'High',
    urgency: 'Medium',
    tags: ['printer', 'warehouse'],
    service: 'Warehouse',
    items: ['prn-label-01', 'prn-label-02'],
    description: 'No labels, so nothing can be shipped. All four label printers show *offline*.',
    talk: [
      [
        't',
        'The printers lost their addresses in the change of last night. We are giving them fixed ones now; the first is back.',
      ],
      ['n', 'Reservation list was not migrated to the new DHCP scope.'],
      ['r', 'All four print again.'],
    ],
    resolution: ['Change', 'Added the reservations to the new DHCP scope.'],
  },
]
