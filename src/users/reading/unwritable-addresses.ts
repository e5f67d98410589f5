import { suspectAddress } from '../../db/suspect-address.ts';
import type { Db } from '../../db/connect.ts';
import { isEmail } from '../../values/email.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import { selectUsers } from './select-users.ts';

export interface Unwritable {
  readonly id: string;
  readonly email: string;
}

/** How many are read: enough to say that the table has a problem. */
const MOST = 10_000;

/** Users with something in the address column that is not one plain address: no mail can be written to them. */
export async function findUnwritable(db: Db, mapping: UsersMapping): Promise<Unwritable[]> {
  const rows = (await db
    .from(selectUsers(db, mapping, {}).as('u'))
    .select('u.id', 'u.email')
    .where(suspectAddress(db, 'u.email'))
    .whereNotNull('u.email')
    .andWhere('u.email', '<>', '')
    .limit(MOST)) as Unwritable[];
  return rows.filter(({ email }) => !isEmail(email));
}
