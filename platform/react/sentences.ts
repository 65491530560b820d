/** A sentence for every event of a module; an event without one does not compile. The subject, who did it, stands before it. */
export type Sentences<Events> = { readonly [A in keyof Events]: (data: Events[A]) => string }

/** Only the start of long texts. */
export const brief = (words: string, most = 80) => (words.length > most ? `${words.slice(0, most - 1)}…` : words)
