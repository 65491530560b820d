import { z } from 'zod'

/** The six kinds of state; every state of every profile belongs to exactly one. Features bind to these, never to names. */
export const stateCategories = ['new', 'active', 'waiting', 'resolved', 'closed', 'cancelled'] as const
export type StateCategory = (typeof stateCategories)[number]

/** What a state is for: where Ask user parks a task, where it resumes, what auto-resolve aims at, where approval waits and fails. */
export const stateRoles = ['hold', 'resume', 'resolved', 'approval', 'rejected'] as const
export type StateRole = (typeof stateRoles)[number]

export const customFieldTypes = ['text', 'number', 'date', 'boolean', 'choice', 'email', 'url'] as const
export type CustomFieldType = (typeof customFieldTypes)[number]

const choiceValue = z.union([z.string().max(200), z.number()])

/** One field rule. `visible` is true and `required` false when absent; `choices` restricts the field to a list. */
export const fieldRuleSchema = z.strictObject({
  visible: z.boolean().optional(),
  required: z.boolean().optional(),
  default: z.unknown().optional(),
  choices: z.array(choiceValue).min(1).max(200).optional(),
})
export type FieldRule = z.infer<typeof fieldRuleSchema>

/** One state of the status flow; the keys after `setClosedAt` are optional and inferred when absent. */
export const profileStateSchema = z.strictObject({
  status: z.string().min(1).max(60),
  allowedTransitions: z.array(z.string().max(60)).max(60),
  isInitial: z.boolean().optional(),
  isTerminal: z.boolean().optional(),
  setSlaResponded: z.boolean().optional(),
  setSlaResolved: z.boolean().optional(),
  setClosedAt: z.boolean().optional(),
  category: z.enum(stateCategories).optional(),
  role: z.enum(stateRoles).optional(),
  pausesSla: z.boolean().optional(),
  requiredFields: z.array(z.string().max(60)).max(100).optional(),
})
export type ProfileState = z.infer<typeof profileStateSchema>

/** SLA targets of one priority, in elapsed minutes. Leave one out for "no target of that kind". */
export const slaDefaultSchema = z.strictObject({
  priority: z.string().min(1).max(60),
  responseMinutes: z.number().optional(),
  resolutionMinutes: z.number().optional(),
})
export type SlaDefault = z.infer<typeof slaDefaultSchema>

/** A field of the profile's own; its values live in `customFields` of the task, its rule in `fieldRules` under its key. */
export const customFieldSchema = z.strictObject({
  key: z
    .string()
    .max(60)
    .regex(/^[a-z][A-Za-z0-9]*$/),
  label: z.string().min(1).max(100),
  type: z.enum(customFieldTypes),
  choices: z.array(z.string().min(1).max(200)).min(1).max(200).optional(),
  help: z.string().max(500).optional(),
})
export type CustomField = z.infer<typeof customFieldSchema>

/**
 * The profile document as its author writes it. Shape only: what the words mean together is judged by `validateProfile`.
 * Unknown keys are refused by name. Nothing is defaulted or respelled, so a document comes out as it went in.
 */
export const taskerProfileSchema = z.strictObject({
  name: z.string().min(1).max(200),
  description: z.string().max(5000).optional(),
  standardSource: z.string().max(200).optional(),
  fieldRules: z.record(z.string(), fieldRuleSchema).optional(),
  statusFlow: z.array(profileStateSchema).min(1).max(60),
  slaDefaults: z.array(slaDefaultSchema).max(60).optional(),
  customFields: z.array(customFieldSchema).max(50).optional(),
  version: z.number().int().min(1).optional(),
})
export type TaskerProfile = z.infer<typeof taskerProfileSchema>
