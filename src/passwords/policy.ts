import { MAX_RAW_BYTES } from './policy-rule.ts';
import type { PasswordContext, PolicySettings, Violation } from './policy-rule.ts';
import { bytes } from './rules/bytes.ts';
import { rules } from './rules/index.ts';

export type { PasswordContext, PolicySettings, Violation } from './policy-rule.ts';

export interface PolicyVerdict {
  /** normalised as the settings say: hash this one */
  readonly password: string;
  /** every reason at once; empty if the password is fine */
  readonly violations: readonly Violation[];
}

/**
 * The policy, the same everywhere (R35): normalises, then asks every rule. Anything above `MAX_RAW_BYTES` is refused
 * before it is normalised, because that alone would block the process (R41). No composition rules (R33).
 */
export async function checkPassword(
  typed: string,
  context: PasswordContext,
  settings: PolicySettings,
): Promise<PolicyVerdict> {
  if (Buffer.byteLength(typed) > MAX_RAW_BYTES)
    return { password: typed, violations: await bytes.check(typed, context, settings) };
  const password = normalize(typed, settings.normalize);
  // One character can become 18 (U+FDFA): what the other rules look at stays bounded.
  const asked = Buffer.byteLength(password) > MAX_RAW_BYTES ? [bytes] : rules;
  const answers = await Promise.all(asked.map(async (rule) => rule.check(password, context, settings)));
  return { password, violations: answers.flat() };
}

function normalize(text: string, form: PolicySettings['normalize'] = 'none'): string {
  switch (form) {
    case 'none':
      return text;
    case 'nfc':
      return text.normalize('NFC');
    case 'nfkc':
      return text.normalize('NFKC');
  }
}
