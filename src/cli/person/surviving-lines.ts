import { describeKind } from '../../flows/access/kind-words.ts';
import type { AccessKind } from '../../flows/access/kinds.ts';
import type { AccessItem } from '../../flows/access/survey.ts';
import type { Surviving } from '../../flows/access/surviving.ts';
import { plural } from '../../values/plural.ts';
import { programName } from '../../values/program-name.ts';
import { describeItem } from './describe-item.ts';

/** They protect the account, so we never suggest ending them for everybody. */
const FACTORS: ReadonlySet<AccessKind> = new Set(['totp', 'sms', 'recovery-codes']);

/** What a reset leaves in place for one person, and how to end it. */
export function survivingLines(items: readonly AccessItem[], userId: string): string[] {
  if (items.length === 0) return [];
  const kinds = openingKinds(items);
  return [
    `survives a reset: ${items.map(describeItem).join(', ')}`,
    ...(kinds.length === 0
      ? []
      : [
          `  to end what opens the account: ${programName} access end --id ${userId} --what ${kinds.join(',')}`,
        ]),
  ];
}

/** The same for the people of a batch. */
export const survivingText = (surviving: readonly Surviving[]): string[] =>
  surviving.length === 0
    ? []
    : [
        `survives a reset: ${surviving
          .map((each) => `${describeKind(each)} of ${plural(each.people, 'person', 'people')}`)
          .join(', ')}`,
      ];

/** Of what is there, and SQL can end, the kinds that open an account without its password. */
export const openingKinds = (items: readonly Pick<Surviving, 'kind' | 'canEnd'>[]): AccessKind[] => [
  ...new Set(items.filter(({ kind, canEnd }) => canEnd && !FACTORS.has(kind)).map(({ kind }) => kind)),
];
