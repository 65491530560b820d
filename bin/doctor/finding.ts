/** What a check of the doctor says. */

/** `well`: looked at and good. `note`: worth knowing. `warning`: will hurt some day. `problem`: hurts now. */
export type Level = 'well' | 'note' | 'warning' | 'problem'

export type Finding = {
  /** A short name that stays the same, for scripts. */
  check: string
  level: Level
  /** What was found, in a sentence. */
  what: string
  /** Why it matters; empty where all is well. */
  why: string
  /** What to do; empty where all is well. */
  todo: string
}

export const well = (check: string, what: string): Finding => ({ check, level: 'well', what, why: '', todo: '' })

const of =
  (level: Level) =>
  (check: string, what: string, why: string, todo: string): Finding => ({ check, level, what, why, todo })

export const note = of('note')
export const warning = of('warning')
export const problem = of('problem')
