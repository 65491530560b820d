/** What the doors say before an operation could: about requests, forms and files. */
import { count, messages, params } from '../platform/messages.ts'

export const say = messages('doors/refusals', {
  foreignSite: 'This request came from another site and was refused. Open the product itself and try again.',
  metrics:
    'Metrics are for programs on this machine, or for whoever sends the token: set TATER_METRICS_TOKEN and send "Authorization: Bearer …".',
  stopping: 'The server is stopping.',
  silent: 'The database does not answer.',
  chooseOrganization: 'Choose an organization first.',
  fileAsForm: 'Send the file as multipart/form-data in the field `file`.',
  importAsForm: 'Send the file as multipart/form-data in the field `file`, and `kind` beside it.',
  noFile: 'file: The form has no field `file` with a file.',
  attachmentTooLarge: params('"{file}" is larger than the {most} MB an attachment may have.'),
  noParameter: params('{name}: There is no such parameter here.'),
  form: params('The form cannot be read: {reason}.'),
  noErrorPage: 'There is no page about this error.',
  leftDuringExport: 'You left the organization while its export was on its way.',
  importField: params('{field}: Send the file in the field `file`, and `kind` beside it.'),
  importTooLarge: 'A file to import may have 1 GB at most. Zip it, or split it.',
  importKind: params('kind: Say what the file is: {kinds}.'),
  inFile: params('{file}: {problem}'),
  scanBody: 'Send the scan as the body, or as a file in the field `file` of a form.',
  emptyBody: 'The body is empty. Send the scan itself.',
  scanTooLarge: 'A scan may have 512 MB at most. Zip it, or send it in parts as scans of their own sources.',
  scanField: params('{name}: There is no such field or parameter here; {fields} there are.'),
  unknownField: 'There is no such field or parameter here.',
  fileField: params('{field}: Send the file in the field `file`.'),
  setupLink: 'This set-up link is not valid, or was used already. Sign in, or look for a newer link in the log of the server.',
  password: 'At least 12 characters.',
  path: 'Give a path of this product, such as /tasks.',
  flowLost: 'This sign-in took too long, or was begun in another browser. Start again.',
  noAccount: 'There is no such account any more.',
  somebodyElse: 'You signed in as somebody else in between. Start again.',
  noMicrosoft: 'Signing in with Microsoft is not set up here. Whoever runs this server can do it with ENTRA_CLIENT_ID.',
  noMicrosoftAnyMore: 'Signing in with Microsoft is not set up here any more.',
  unknownTenant: params('Your Microsoft tenant {tenant} is connected to no organization here.'),
  unknownTenantIn: params('Your Microsoft tenant {tenant} is connected to no organization "{organization}" here.'),
  attempts: count({
    one: 'Too many wrong passwords for this account. Wait {count} minute and try again, or sign in with a passkey or through your organization.',
    other:
      'Too many wrong passwords for this account. Wait {count} minutes and try again, or sign in with a passkey or through your organization.',
  }),
})
