import type { AccessEntry } from '../access/entry.ts';
import type { OnResetStep } from '../columns/rules.ts';

const LIVE = { resource_owner_id: '{id}', revoked_at: null };

const revoke = (table: string): OnResetStep => ({
  table,
  set: { revoked_at: { now: 'text' } },
  where: LIVE,
});

/**
 * Doorkeeper, the OAuth provider for Rails.
 * https://github.com/doorkeeper-gem/doorkeeper/blob/v5.6.0/lib/doorkeeper/models/concerns/revocable.rb
 */
export const doorkeeper = (more: Omit<AccessEntry, 'kind'> = {}): AccessEntry => ({
  kind: 'oauth-grant',
  table: 'oauth_access_tokens',
  where: LIVE,
  since: 'created_at',
  end: [revoke('oauth_access_tokens'), revoke('oauth_access_grants')],
  ...more,
});
