import type { Preset } from '../preset/preset.ts';

/** What PrestaShop has alike for its staff and its customers. */
export const PRESTASHOP = {
  evidence: 'source: db_structure.sql and src/Core/Crypto/Hashing.php of PrestaShop',
  prefix: 'ps_',
  isChangedAtExact: true,
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
} as const satisfies Partial<Preset>;

export const PRESTASHOP_TOKENS = { set: { reset_password_token: null, reset_password_validity: null } };
