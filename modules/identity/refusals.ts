/** Why a sign-in is refused; the doors of sign-in refuse too, so these stand apart from the other rules. */
import { messages, params } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'

export const say = messages('identity/sign-in', {
  connectionRemoved: 'This way to sign in was removed. Ask an administrator of your organization.',
  noConnection: 'There is no such way to sign in. It may have been removed; ask an administrator.',
  secretLost:
    'The client secret of this connection cannot be read: TATER_SECRET has changed. An administrator has to enter it again.',
  noAddress: 'The provider gives no verified e-mail address of yours. Ask its administrator to release the claim "email".',
  notInvited: params('{email} is not a member of this organization. Ask one of its administrators to add you.'),
  notLinked: params(
    'There is an account for {email} already. Sign in the way you did so far, and connect this sign-in under Security.',
  ),
  ofOther: params('{account} belongs to another account here. Sign in with it and remove it there first.'),
  workAccount: 'Sign in with a work or school account of your organization.',
  personalTenant: 'This id stands for everybody with a personal Microsoft account, not for an organization.',
  tenantTaken: params(
    'The Microsoft tenant {tenant} is connected to another organization here. Whoever runs this server can give it to both.',
  ),
  vouchedOnly:
    'You are signed in through the provider of an organization. Sign in with your password or passkey to connect another.',
  noTenant: 'Microsoft did not say from which tenant you come. Sign in with a work or school account.',
  noObjectId: 'Microsoft did not say who you are in your tenant. Ask the administrator of the app registration.',
  answered: params('The provider answered: {answer}'),
  noCode: 'The provider answered without a code.',
  refusedRequest: params('The provider refused the request: {answer}'),
  noReason: 'no reason given',
  doesNotHold: params('What the provider sent does not hold: {reason} ({code}).'),
  unreachable: params('The provider cannot be reached or does not speak OpenID Connect: {reason}'),
})

export const FlowLost = problem('SIGN_IN_EXPIRED', 400, 'This sign-in took too long, or was begun elsewhere')
export const NoSuchConnection = problem('NO_SUCH_CONNECTION', 404, 'There is no such way to sign in')
export const ProviderUnreachable = problem('PROVIDER_UNREACHABLE', 502, 'The identity provider cannot be asked')
export const ProviderSaysNo = problem('PROVIDER_REFUSED', 400, 'The identity provider refused')
export const IdentityRefused = problem('IDENTITY_REFUSED', 403, 'The answer of the identity provider was refused')
export const UnknownTenant = problem('UNKNOWN_TENANT', 403, 'This Microsoft tenant is not known here')
export const NotInvited = problem('NOT_INVITED', 403, 'You are not a member of this organization')
export const AccountNotLinked = problem('ACCOUNT_NOT_LINKED', 403, 'There is an account with this address already')
export const TenantTaken = problem('TENANT_TAKEN', 409, 'This Microsoft tenant belongs to another organization')
export const LastWayIn = problem('LAST_WAY_IN', 409, 'This is the only way you can sign in')
export const VouchedOnly = problem('VOUCHED_ONLY', 403, 'Sign in with your own account first')
