/** A ServiceNow log made by hand: ten incidents in the order and the form of a real export. */

const columns =
  'number,incident_state,reassignment_count,reopen_count,caller_id,opened_by,opened_at,sys_updated_by,sys_updated_at,contact_type,location,category,' +
  'subcategory,u_symptom,cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,problem_id,closed_code,resolved_by,resolved_at,closed_at'

type Line = Partial<Record<string, string>>

const names = columns.split(',')
const standard: Line = {
  caller_id: 'Caller 1',
  opened_by: 'Opened by  8',
  opened_at: '1/3/2016 08:00',
  contact_type: 'Phone',
  location: 'Location 7',
  category: 'Category 5',
  subcategory: 'Subcategory 6',
  u_symptom: 'Symptom 9',
  impact: '2 - Medium',
  urgency: '2 - Medium',
  priority: '3 - Moderate',
  assignment_group: 'Group 2',
  assigned_to: 'Resolver 3',
  closed_code: 'code 5',
  resolved_by: 'Resolved by 4',
  reassignment_count: '0',
  reopen_count: '0',
}

/** One line per state, ten minutes apart on 1 March 2016 from 08:00. */
function incident(number: string, states: string[], more: Line = {}): string[] {
  return states.map((state, n) => {
    const time = `1/3/2016 ${String(8 + Math.floor(n / 6)).padStart(2, '0')}:${(n % 6) * 10 || '00'}`
    const line: Line = {
      ...standard,
      number,
      incident_state: state,
      sys_updated_at: time,
      sys_updated_by: `Updated by ${n}`,
      ...more,
    }
    return names.map((name) => line[name] ?? '?').join(',')
  })
}

export const incidentLog = [
  columns,
  ...incident('INC1', ['New', 'Active', 'Active', 'Resolved', 'Closed'], {
    resolved_at: '1/3/2016 08:30',
    closed_at: '1/3/2016 08:40',
  }),
  ...incident('INC2', ['New', 'Resolved', 'Closed'], {
    resolved_at: '1/3/2016 08:15',
    closed_at: '6/3/2016 12:00',
    assigned_to: '?',
  }),
  ...incident('INC3', [
    'New',
    'Active',
    'Awaiting User Info',
    'Awaiting Vendor',
    'Active',
    'Resolved',
    'Active',
    'Resolved',
    'Closed',
  ]),
  ...incident('INC4', ['Active', 'Resolved', 'Closed'], { assigned_to: '?', resolved_by: '?', closed_code: '?' }),
  ...incident('INC5', ['New', '-100', 'Active']),
  ...incident('INC6', ['-100']),
  ...incident('INC7', ['New'], {
    contact_type: 'Self service',
    priority: '1 - Critical',
    impact: '1 - High',
    urgency: '1 - High',
  }),
  ...incident('INC8', ['New', 'Closed', 'Active'], { cmdb_ci: 'Item 1', problem_id: 'Problem ID  2' }),
  ...incident('INC9', ['New'], { opened_at: 'yesterday', sys_updated_at: 'yesterday' }),
  ...incident('INC10', ['New', 'Active'], {
    u_symptom: '?',
    location: '?',
    caller_id: '?',
    assignment_group: '?',
    assigned_to: '?',
    resolved_by: '?',
  }),
].join('\n')
