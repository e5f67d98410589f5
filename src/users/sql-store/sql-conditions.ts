import type { Db } from '../../db/connect.ts';
import { whichHold } from '../access/count-access.ts';
import { whoHolds } from '../access/find-holders.ts';
import { checkCondition } from '../columns/condition.ts';
import type { Condition } from '../columns/rules.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import type { UserConditions } from '../store/known-access.ts';
import type { UsersStore } from '../store/users-store.ts';

type Conditions = Readonly<Record<string, Condition>>;

/** Conditions on columns of the users table, which were checked before they are asked. */
export const sqlConditions = (db: Db, mapping: UsersMapping) =>
  ({
    checkConditions: (conditions) =>
      Promise.resolve(
        Object.entries(conditions).flatMap(([column, condition]) => problemOf(mapping, column, condition)),
      ),
    whichHold: (user, conditions) => whichHold(db, mapping, user, asChecked(conditions)),
    whoHolds: (users, conditions) => whoHolds(db, mapping, users, asChecked(conditions)),
  }) satisfies Partial<UsersStore>;

const asChecked = (conditions: UserConditions): Conditions => conditions as Conditions;

function problemOf({ facts, table }: UsersMapping, column: string, condition: unknown): string[] {
  if (facts[`user.${column}`] === undefined) return [`the table ${table} has no column ${column}`];
  const wrong = checkCondition(condition);
  return wrong === undefined ? [] : [`${column} ${wrong}`];
}
