/** Why a sign-in is refused; the doors of sign-in refuse too, so these stand apart from the other rules. */
import { problem } from '../../platform/problem.ts'

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
