// Generated from the migrated database by `npm run generate`; never edited.
import type { ColumnType } from 'kysely'

export type Tables = {
  agent_clients: {
    id: string
    name: string
    redirect_uris: string[]
    uri: ColumnType<string | null, string | null | undefined, string | null>
    auth_method: string
    secret_hash: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
  }
  agent_connections: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    user_id: string
    client_id: string
    client_name: string
    redirect_host: string
    may_write: boolean
    tools: ColumnType<string[] | null, string[] | null | undefined, string[] | null>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    revoked_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    vouched_by: ColumnType<string | null, string | null | undefined, string | null>
  }
  agent_limits: {
    organization_id: ColumnType<string, string | undefined, string>
    token_id: string
    tools: ColumnType<string[] | null, string[] | null | undefined, string[] | null>
    daily_writes: ColumnType<number | null, number | null | undefined, number | null>
    calls_per_minute: ColumnType<number | null, number | null | undefined, number | null>
    paused_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  agent_tokens: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    connection_id: string
    kind: string
    hash: Buffer
    resource: string
    redirect_uri: ColumnType<string | null, string | null | undefined, string | null>
    challenge: ColumnType<string | null, string | null | undefined, string | null>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    expires_at: ColumnType<string, string | Date, string | Date>
    used_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  agent_usage: {
    organization_id: ColumnType<string, string | undefined, string>
    token_id: string
    day: ColumnType<Date, string | Date, string | Date>
    writes: ColumnType<number, number | undefined, number>
    minute: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    calls: ColumnType<number, number | undefined, number>
    last_used_at: ColumnType<string, string | Date | undefined, string | Date>
  }
  api_keys: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    name: string
    prefix: string
    hash: Buffer
    role: string
    email: string
    created_by: string
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    revoked_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    provider_id: ColumnType<string | null, string | null | undefined, string | null>
    expires_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    made_by: ColumnType<string | null, string | null | undefined, string | null>
    vouched_by: ColumnType<string | null, string | null | undefined, string | null>
    acts_as: ColumnType<string | null, string | null | undefined, string | null>
  }
  attachments: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    task_id: string
    comment_id: ColumnType<string | null, string | null | undefined, string | null>
    file_name: string
    content_type: string
    size: number
    sha256: string
    uploaded_by: string
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    deleted_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  categories: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    parent_id: ColumnType<string | null, string | null | undefined, string | null>
    name: string
    icon: ColumnType<string, string | undefined, string>
    color: ColumnType<string, string | undefined, string>
    default_priority: ColumnType<string | null, string | null | undefined, string | null>
    response_minutes: ColumnType<number | null, number | null | undefined, number | null>
    resolution_minutes: ColumnType<number | null, number | null | undefined, number | null>
    fields: ColumnType<object, string | undefined, string>
    sort: ColumnType<number, number | undefined, number>
    version: ColumnType<number, number | undefined, number>
    archived_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  comment_versions: {
    organization_id: ColumnType<string, string | undefined, string>
    comment_id: string
    version: number
    body: string
    visibility: string
    replaced_at: ColumnType<string, string | Date, string | Date>
    replaced_by: string
  }
  comments: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    task_id: string
    visibility: string
    body: string
    mentions: ColumnType<string[], string[] | undefined, string[]>
    author_id: ColumnType<string | null, string | null | undefined, string | null>
    author_kind: string
    author_email: string
    author_name: string
    channel: string
    version: ColumnType<number, number | undefined, number>
    created_at: ColumnType<string, string | Date, string | Date>
    edited_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    deleted_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  contacts: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    email: string
    name: string
    name_key: string
    surname_key: string
    department: ColumnType<string, string | undefined, string>
    title: ColumnType<string, string | undefined, string>
    notes: ColumnType<string, string | undefined, string>
    version: ColumnType<number, number | undefined, number>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    updated_at: ColumnType<string, string | Date | undefined, string | Date>
    archived_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    merged_into_id: ColumnType<string | null, string | null | undefined, string | null>
  }
  counters: {
    organization_id: ColumnType<string, string | undefined, string>
    name: string
    value: number
  }
  events: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    occurred_at: ColumnType<string, string | Date, string | Date>
    recorded_at: ColumnType<string, string | Date | undefined, string | Date>
    action: string
    subject_type: string
    subject_id: ColumnType<string | null, string | null | undefined, string | null>
    data: ColumnType<object, string | undefined, string>
    actor_id: ColumnType<string | null, string | null | undefined, string | null>
    actor_kind: string
    actor_name: string
    channel: string
    operation: string
    request_id: string
    provider_id: ColumnType<string | null, string | null | undefined, string | null>
    provider_name: ColumnType<string | null, string | null | undefined, string | null>
    provider_tier: ColumnType<string | null, string | null | undefined, string | null>
    signature: ColumnType<string | null, string | null | undefined, string | null>
    signature_key: ColumnType<string | null, string | null | undefined, string | null>
  }
  executions: {
    organization_id: ColumnType<string, string | undefined, string>
    actor: string
    key: string
    operation: string
    input_hash: string
    response: ColumnType<string | null, string | null | undefined, string | null>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
  }
  import_errors: {
    organization_id: ColumnType<string, string | undefined, string>
    import_id: string
    line: number
    message: string
    notice: ColumnType<boolean, boolean | undefined, boolean>
  }
  import_keys: {
    organization_id: ColumnType<string, string | undefined, string>
    source: string
    key: string
    task_id: string
  }
  imports: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    kind: string
    file_name: string
    file_size: number
    columns: ColumnType<string[], string[] | undefined, string[]>
    sample: ColumnType<string, string | undefined, string>
    profile_id: ColumnType<string | null, string | null | undefined, string | null>
    mapping: ColumnType<object, string | undefined, string>
    value_map: ColumnType<object, string | undefined, string>
    status: ColumnType<string, string | undefined, string>
    total_rows: ColumnType<number | null, number | null | undefined, number | null>
    done_rows: ColumnType<number, number | undefined, number>
    created_count: ColumnType<number, number | undefined, number>
    unchanged_count: ColumnType<number, number | undefined, number>
    failed_count: ColumnType<number, number | undefined, number>
    notice_count: ColumnType<number, number | undefined, number>
    error: ColumnType<string | null, string | null | undefined, string | null>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    created_by: string
    started_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    started_by: ColumnType<string | null, string | null | undefined, string | null>
    started_by_name: ColumnType<string | null, string | null | undefined, string | null>
    channel: ColumnType<string | null, string | null | undefined, string | null>
    finished_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  memberships: {
    organization_id: ColumnType<string, string | undefined, string>
    user_id: string
    role: string
    created_at: ColumnType<string, string | Date | undefined, string | Date>
  }
  organizations: {
    id: string
    name: string
    slug: string
    ticket_prefix: ColumnType<string, string | undefined, string>
    settings: ColumnType<object, string | undefined, string>
    version: ColumnType<number, number | undefined, number>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    archived_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    is_msp: ColumnType<boolean, boolean | undefined, boolean>
    managed_by: ColumnType<string | null, string | null | undefined, string | null>
    license_type: ColumnType<string, string | undefined, string>
    license_limit: ColumnType<number, number | undefined, number>
  }
  priorities: {
    organization_id: ColumnType<string, string | undefined, string>
    name: string
    label: string
    color: ColumnType<string, string | undefined, string>
    rank: number
  }
  profile_versions: {
    organization_id: ColumnType<string, string | undefined, string>
    profile_id: string
    version: number
    document: ColumnType<object, string, string>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    created_by: string
  }
  profiles: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    name: string
    standard_source: ColumnType<string, string | undefined, string>
    seed_key: ColumnType<string | null, string | null | undefined, string | null>
    is_system: ColumnType<boolean, boolean | undefined, boolean>
    version: ColumnType<number, number | undefined, number>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    updated_at: ColumnType<string, string | Date | undefined, string | Date>
    updated_by: string
    deleted_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  provider_access: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    occurred_at: ColumnType<string, string | Date | undefined, string | Date>
    kind: string
    operation: string
    subject_type: ColumnType<string | null, string | null | undefined, string | null>
    subject_id: ColumnType<string | null, string | null | undefined, string | null>
    channel: string
    actor_id: ColumnType<string | null, string | null | undefined, string | null>
    actor_kind: string
    actor_name: string
    actor_email: string
    provider_id: ColumnType<string | null, string | null | undefined, string | null>
    provider_name: ColumnType<string | null, string | null | undefined, string | null>
    tier: ColumnType<string | null, string | null | undefined, string | null>
    elevation_id: ColumnType<string | null, string | null | undefined, string | null>
    request_id: string
  }
  provider_elevations: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    provider_id: string
    provider_name: string
    user_id: string
    name: string
    from_tier: string
    reason: string
    started_at: ColumnType<string, string | Date, string | Date>
    expires_at: ColumnType<string, string | Date, string | Date>
    ended_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    ended_by: ColumnType<string | null, string | null | undefined, string | null>
  }
  provider_relations: {
    organization_id: ColumnType<string, string | undefined, string>
    provider_id: string
    tier: string
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    created_by: string
  }
  scan_controls: {
    organization_id: ColumnType<string, string | undefined, string>
    scan_id: string
    control_id: string
    title: string
    framework: ColumnType<string, string | undefined, string>
    severity_rank: number
    result: string
    rows: number
    failed_rows: number
  }
  scan_rows: {
    organization_id: ColumnType<string, string | undefined, string>
    scan_id: string
    n: number
    control_id: string
    title: string
    framework: ColumnType<string, string | undefined, string>
    severity_rank: number
    result: string
    resource: ColumnType<string, string | undefined, string>
    detail: ColumnType<string, string | undefined, string>
  }
  scan_summaries: {
    organization_id: ColumnType<string, string | undefined, string>
    source: string
    scan_id: string
    scanned_at: ColumnType<string, string | Date, string | Date>
    passed: number
    failed: number
    errors: number
    manual: number
    skipped: number
    not_applicable: number
    critical_failing: number
    high_failing: number
  }
  scanning: {
    organization_id: ColumnType<string, string | undefined, string>
    webhook: string
    webhook_host: string
    enabled: ColumnType<boolean, boolean | undefined, boolean>
    updated_at: ColumnType<string, string | Date | undefined, string | Date>
    updated_by: string
  }
  scans: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    source: ColumnType<string | null, string | null | undefined, string | null>
    format: ColumnType<string | null, string | null | undefined, string | null>
    given: ColumnType<object, string | undefined, string>
    file_name: string
    file_size: number
    sha256: string
    identity: ColumnType<string | null, string | null | undefined, string | null>
    scan_key: ColumnType<string | null, string | null | undefined, string | null>
    scanned_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    status: string
    duplicate_of: ColumnType<string | null, string | null | undefined, string | null>
    total_rows: ColumnType<number | null, number | null | undefined, number | null>
    done_rows: ColumnType<number, number | undefined, number>
    passed: ColumnType<number, number | undefined, number>
    failed: ColumnType<number, number | undefined, number>
    errors: ColumnType<number, number | undefined, number>
    manual: ColumnType<number, number | undefined, number>
    skipped: ColumnType<number, number | undefined, number>
    not_applicable: ColumnType<number, number | undefined, number>
    critical_failing: ColumnType<number, number | undefined, number>
    high_failing: ColumnType<number, number | undefined, number>
    error: ColumnType<string | null, string | null | undefined, string | null>
    problems: ColumnType<object, string | undefined, string>
    created_at: ColumnType<string, string | Date, string | Date>
    created_by: string
    created_by_name: string
    channel: string
    finished_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  scim_tokens: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    prefix: string
    hash: Buffer
    default_role: string
    created_by: string
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    last_used_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    revoked_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    made_by: ColumnType<string | null, string | null | undefined, string | null>
    vouched_by: ColumnType<string | null, string | null | undefined, string | null>
  }
  scim_users: {
    organization_id: ColumnType<string, string | undefined, string>
    user_id: string
    user_name: string
    external_id: ColumnType<string, string | undefined, string>
    display_name: ColumnType<string, string | undefined, string>
    given_name: ColumnType<string, string | undefined, string>
    family_name: ColumnType<string, string | undefined, string>
    active: ColumnType<boolean, boolean | undefined, boolean>
    role: string
    version: ColumnType<number, number | undefined, number>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    updated_at: ColumnType<string, string | Date | undefined, string | Date>
    user_key: ColumnType<string, string | undefined, string>
  }
  security_records: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    type: string
    number: number
    version: ColumnType<number, number | undefined, number>
    title: string
    description: ColumnType<string, string | undefined, string>
    status: string
    owner_email: ColumnType<string | null, string | null | undefined, string | null>
    review_date: ColumnType<string | null, string | null | undefined, string | null>
    fields: ColumnType<object, string | undefined, string>
    rank: ColumnType<number, number | undefined, number>
    source: ColumnType<string | null, string | null | undefined, string | null>
    control_id: ColumnType<string | null, string | null | undefined, string | null>
    framework: ColumnType<string | null, string | null | undefined, string | null>
    severity: ColumnType<string | null, string | null | undefined, string | null>
    result: ColumnType<string | null, string | null | undefined, string | null>
    result_since: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    scan_id: ColumnType<string | null, string | null | undefined, string | null>
    task_id: ColumnType<string | null, string | null | undefined, string | null>
    task_told: ColumnType<string | null, string | null | undefined, string | null>
    follow_up: ColumnType<string | null, string | null | undefined, string | null>
    created_at: ColumnType<string, string | Date, string | Date>
    created_by: string
    updated_at: ColumnType<string, string | Date, string | Date>
    updated_by: string
    archived_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  security_settings: {
    organization_id: ColumnType<string, string | undefined, string>
    stale_after_days: ColumnType<number, number | undefined, number>
    open_tasks: ColumnType<boolean, boolean | undefined, boolean>
    version: ColumnType<number, number | undefined, number>
  }
  sign_in_connections: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    kind: string
    name: string
    issuer: ColumnType<string, string | undefined, string>
    tenant_id: ColumnType<string | null, string | null | undefined, string | null>
    client_id: ColumnType<string, string | undefined, string>
    client_secret: ColumnType<string, string | undefined, string>
    domains: ColumnType<string[], string[] | undefined, string[]>
    provision: ColumnType<boolean, boolean | undefined, boolean>
    default_role: ColumnType<string, string | undefined, string>
    version: ColumnType<number, number | undefined, number>
    created_by: string
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    last_used_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  task_links: {
    organization_id: ColumnType<string, string | undefined, string>
    task_id: string
    type: string
    target_id: string
    created_at: ColumnType<string, string | Date | undefined, string | Date>
    created_by: string
  }
  task_search: {
    organization_id: ColumnType<string, string | undefined, string>
    task_id: string
    document: string
  }
  task_views: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    name: string
    scope: string
    owner: string
    team_id: ColumnType<string | null, string | null | undefined, string | null>
    query: ColumnType<object, string, string>
    created_at: ColumnType<string, string | Date | undefined, string | Date>
  }
  task_watchers: {
    organization_id: ColumnType<string, string | undefined, string>
    task_id: string
    email: string
    added_at: ColumnType<string, string | Date | undefined, string | Date>
  }
  tasks: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    number: number
    version: ColumnType<number, number | undefined, number>
    title: string
    description: ColumnType<string, string | undefined, string>
    category: string
    sub_category: ColumnType<string | null, string | null | undefined, string | null>
    symptom_code: ColumnType<string | null, string | null | undefined, string | null>
    tags: ColumnType<string[], string[] | undefined, string[]>
    source: string
    priority: string
    priority_rank: ColumnType<number, number | undefined, number>
    impact: ColumnType<string | null, string | null | undefined, string | null>
    urgency: ColumnType<string | null, string | null | undefined, string | null>
    severity: ColumnType<string | null, string | null | undefined, string | null>
    tier: ColumnType<number, number | undefined, number>
    requester_email: ColumnType<string | null, string | null | undefined, string | null>
    requester_name: ColumnType<string | null, string | null | undefined, string | null>
    contact_email: ColumnType<string | null, string | null | undefined, string | null>
    contact_name: ColumnType<string | null, string | null | undefined, string | null>
    assigned_to_email: ColumnType<string | null, string | null | undefined, string | null>
    assigned_to_name: ColumnType<string | null, string | null | undefined, string | null>
    team_id: ColumnType<string | null, string | null | undefined, string | null>
    status: string
    status_category: string
    profile_id: ColumnType<string | null, string | null | undefined, string | null>
    profile_version: ColumnType<number | null, number | null | undefined, number | null>
    is_major_incident: ColumnType<boolean, boolean | undefined, boolean>
    due_date: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    response_due_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    resolution_due_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    sla_id: ColumnType<string | null, string | null | undefined, string | null>
    sla_name: ColumnType<string | null, string | null | undefined, string | null>
    sla: ColumnType<object | null, string | null | undefined, string | null>
    first_response_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    resolved_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    closed_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    resolution_code: ColumnType<string | null, string | null | undefined, string | null>
    resolution_notes: ColumnType<string | null, string | null | undefined, string | null>
    root_cause_code: ColumnType<string | null, string | null | undefined, string | null>
    root_cause_analysis: ColumnType<string | null, string | null | undefined, string | null>
    business_service: ColumnType<string | null, string | null | undefined, string | null>
    configuration_items: ColumnType<string[], string[] | undefined, string[]>
    linked_problem_id: ColumnType<string | null, string | null | undefined, string | null>
    linked_tater_entity_type: ColumnType<string | null, string | null | undefined, string | null>
    linked_tater_entity_id: ColumnType<string | null, string | null | undefined, string | null>
    visibility: ColumnType<string, string | undefined, string>
    external_refs: ColumnType<object, string | undefined, string>
    custom_fields: ColumnType<object, string | undefined, string>
    merged_into_id: ColumnType<string | null, string | null | undefined, string | null>
    created_at: ColumnType<string, string | Date, string | Date>
    created_by: string
    updated_at: ColumnType<string, string | Date, string | Date>
    updated_by: string
    deleted_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
    deleted_by: ColumnType<string | null, string | null | undefined, string | null>
    linked: ColumnType<boolean, boolean | undefined, boolean>
  }
  teams: {
    organization_id: ColumnType<string, string | undefined, string>
    id: string
    name: string
    lead_email: ColumnType<string | null, string | null | undefined, string | null>
    members: ColumnType<string[], string[] | undefined, string[]>
    archived_at: ColumnType<string | null, string | Date | null | undefined, string | Date | null>
  }
  tool_policies: {
    organization_id: ColumnType<string, string | undefined, string>
    policy: ColumnType<object, string, string>
    version: ColumnType<number, number | undefined, number>
    updated_at: ColumnType<string, string | Date | undefined, string | Date>
    updated_by: string
  }
}
