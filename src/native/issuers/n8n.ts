import { createHash } from 'node:crypto';
import { digestJwt } from '../digest-jwt.ts';
import { defineIssuer, type Person } from '../issuer.ts';

const isOn = ({ columns }: Person): boolean => Boolean(columns['mfaEnabled']);

/** `createJWTHash`: of the address, the stored hash and the beginning of a second factor's secret, as it is stored. */
function digestOf(person: Person): string {
  const { email, encoded, columns } = person;
  const factor = String(columns['mfaSecret'] ?? '').slice(0, 3);
  const state = [email, encoded, ...(isOn(person) && factor !== '' ? [factor] : [])].join(':');
  return createHash('sha256').update(state).digest('base64').slice(0, 10);
}

export const n8n = defineIssuer(
  digestJwt({
    name: 'n8n',
    source:
      'n8n-io/n8n: packages/cli/src/auth/auth.service.ts (generatePasswordResetUrl, createJWTHash), services/jwt.service.ts, controllers/password-reset.controller.ts',
    secret: 'N8N_USER_MANAGEMENT_JWT_SECRET',
    columns: ['mfaEnabled', 'mfaSecret'],
    page: '/change-password',
    tail: '?token={token}&mfaEnabled={mfaEnabled}',
    looks: { mfaEnabled: /^(true|false)$/ },
    parts: (person) => ({ mfaEnabled: String(isOn(person)) }),
    lifeMs: 1_200_000,
    claims: (person) => ({ sub: person.id, hash: digestOf(person) }),
    last: { aud: 'n8n-password-reset' },
    whose: ({ sub, aud }) =>
      typeof sub === 'string' && aud === 'n8n-password-reset' ? { id: sub } : undefined,
    unknown: [
      'whether n8n signs with N8N_USER_MANAGEMENT_JWT_SECRET; where it is not set, n8n has made a secret from its first encryption key, which this prints: printf %s "$N8N_ENCRYPTION_KEY" | sed "s/\\(.\\)./\\1/g" | sha256sum | cut -c1-64',
    ],
  }),
);
