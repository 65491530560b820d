/** Words of the shared components. */
export const text = {
  loading: 'Loading',
  requestId: (id: string) => `Request ${id}`,
  unknownProblem: 'Something went wrong. Reload the page and try again.',
  write: 'Write',
  preview: 'Preview',
  nothingToPreview: 'Nothing to preview yet.',
  imageElsewhere: (address: string) => `Image on another site: ${address}`,
}
