/** Names of files as people send them. */

/** Without the characters that control a terminal and cannot be shown. */
export const withoutControls = (text: string) => [...text].filter((each) => each >= ' ' && each !== '\u007f').join('')

/** The last part of whatever path the browser sent, at most 255 characters; `otherwise` when nothing is left of it. */
export const shortFileName = (name: string, otherwise: string) =>
  withoutControls(name.split(/[\\/]/).at(-1)!.toWellFormed()).slice(0, 255) || otherwise
