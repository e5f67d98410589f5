import { describeUntransacted } from '../../db/untransacted-tables.ts';
import { tableWarnings } from '../mapping/table-warnings.ts';
import { sourceOf, tableOf, type UsersMapping } from '../mapping/users-mapping.ts';
import { adviceText } from '../preset/preset.ts';
import { knowsPasswordTime } from '../reading/select-users.ts';
import type { StoreDescription } from '../store/store-description.ts';

/** What flows hear of a mapping that was checked against its database. */
export const describeStore = (mapping: UsersMapping): StoreDescription => ({
  places: {
    users: mapping.table,
    email: tableOf(mapping, sourceOf(mapping, 'email')),
    password: tableOf(mapping, sourceOf(mapping, 'password')),
  },
  key: [mapping.schema, mapping.table],
  fields: { id: mapping.id, email: mapping.email },
  hasUsernames: mapping.username !== undefined,
  hasTimeZones: mapping.timeZone !== undefined,
  knowsPasswordTime: knowsPasswordTime(mapping),
  ownFormat: mapping.preset.hashFormat,
  sessionsEndWithHash: mapping.sessionsEndWithHash,
  advice: mapping.advice.map(adviceText),
  warnings: tableWarnings(mapping),
  irrevocable: mapping.untransacted.length === 0 ? undefined : describeUntransacted(mapping.untransacted),
});
