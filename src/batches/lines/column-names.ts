import { ResetError } from '../../errors.ts';
import { nearest } from '../../values/nearest.ts';
import { trimInvisible } from '../../values/plain-address.ts';

/** The positions of the id and the address in a row; -1: missing. */
export interface Columns {
  readonly id: number;
  readonly email: number;
}

/** What helps to recognise columns. */
export interface ColumnHints {
  /** the column that the operator named; all others are left alone */
  readonly column?: string | undefined;
  /** the file may lack it: it is then read as any other */
  readonly isColumnOptional?: boolean;
  /** names of the users table's own columns, which an export of that table has */
  readonly own?: { readonly id: string; readonly email: string } | undefined;
}

// Folded: lower case, without accents, white space and punctuation.
const EMAIL_NAMES: ReadonlySet<string> = new Set(
  [
    ...['email', 'emails', 'mail', 'emailaddress', 'emailaddresses', 'emailaddr', 'mailaddress', 'emailid'],
    ...[
      'useremail',
      'usermail',
      'useremailaddress',
      'memberemail',
      'contactemail',
      'loginemail',
      'accountemail',
    ],
    ...[
      'primaryemail',
      'primaryemailaddress',
      'workemail',
      'workemailaddress',
      'businessemail',
      'companyemail',
    ],
    ...['userprincipalname', 'upn', 'primarysmtpaddress', 'windowsemailaddress', 'smtpaddress'],
    ...['emailadresse', 'mailadresse', 'epost', 'epostadresse', 'epostadress', 'emailadres', 'mailadres'],
    ...['adresseemail', 'adressemail', 'courriel', 'adressecourriel', 'adresseelectronique', 'mel'],
    ...['correo', 'correoelectronico', 'direcciondecorreo', 'direcciondecorreoelectronico', 'emailcim'],
    ...['enderecodeemail', 'correioeletronico', 'indirizzoemail', 'indirizzomail'],
    ...['postaelettronica', 'adresemail', 'sahkoposti', 'sahkopostiosoite', 'eposta', 'epostaadresi'],
    ...['почта', 'электроннаяпочта', 'адресэлектроннойпочты', 'メール', 'メールアドレス', '이메일', '메일'],
    ...['이메일주소', '메일주소', '邮箱', '电子邮件', '电子邮箱', '邮件地址', '電子郵件', '電郵'],
  ].map(foldCompatibly),
);
const ID_NAMES: ReadonlySet<string> = new Set(['id', 'userid', 'uid', 'memberid', 'accountid', 'customerid']);

/**
 * The columns of a header row, or undefined when no name says id or address. `id` and `email` as such come first; an
 * id under another name is read only where there is no address.
 *
 * @throws usage_invalid when two columns could be meant, or the named one is not there
 */
export function findColumns(names: readonly string[], hints: ColumnHints): Columns | undefined {
  const { column, isColumnOptional = false, own } = hints;
  const named = column === undefined ? undefined : findNamed(names, column);
  return named !== undefined || (column !== undefined && !isColumnOptional) ? named : findUsual(names, own);
}

/** Recognised by the usual names of such columns. */
function findUsual(names: readonly string[], own: ColumnHints['own']): Columns | undefined {
  const called = (key: 'id' | 'email', wanted: string | undefined) =>
    only(names, key, (name) => trimInvisible(name).toLowerCase() === wanted?.toLowerCase());
  const exact = (key: 'id' | 'email') => called(key, key) ?? called(key, own?.[key]);
  const email = exact('email') ?? only(names, 'address', (name) => isNamed(name, EMAIL_NAMES)) ?? -1;
  const alias = () => (email === -1 ? only(names, 'id', (name) => isNamed(name, ID_NAMES)) : undefined);
  const id = exact('id') ?? alias() ?? -1;
  return id === -1 && email === -1 ? undefined : { id, email };
}

/** Column names as an error shows them: the first of them, each cut to a length that a terminal takes. */
export const listNames = (names: readonly string[]): string =>
  names
    .slice(0, SHOWN)
    .map((name) => JSON.stringify(trimInvisible(name).slice(0, 40)))
    .join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');

const SHOWN = 20;

/** `--column NAME`; `id=NAME` says that the column holds ids. */
function findNamed(names: readonly string[], column: string): Columns | undefined {
  const [, kind, rest] = /^(id|email)=(.+)$/su.exec(column) ?? [];
  const at = indexOf(names, column);
  if (at !== undefined)
    return isNamed(names[at] ?? '', ID_NAMES) ? { id: at, email: -1 } : { id: -1, email: at };
  const other = rest === undefined ? undefined : indexOf(names, rest);
  if (other === undefined) return undefined;
  return kind === 'id' ? { id: other, email: -1 } : { id: -1, email: other };
}

function indexOf(names: readonly string[], column: string): number | undefined {
  const is = (wanted: (name: string) => string) =>
    only(names, 'name', (name) => wanted(name) === wanted(column));
  return is(trimInvisible) ?? is((name) => trimInvisible(name).toLowerCase());
}

/** Throws usage_invalid: the column that was asked for is not there. */
export function missingColumn(file: string, column: string, names: readonly string[]): ResetError {
  const guess = nearest(column, names.map(trimInvisible));
  return new ResetError(
    'usage_invalid',
    `${file} has no column ${JSON.stringify(column)}${guess === undefined ? '' : `; did you mean ${guess}?`} Its first line has: ${listNames(names)}.`,
  );
}

/** The one column for which this is true. */
function only(names: readonly string[], what: string, holds: (name: string) => boolean): number | undefined {
  const found = names.flatMap((name, index) => (holds(name) ? [index] : []));
  if (found.length < 2) return found[0];
  throw new ResetError(
    'usage_invalid',
    `Several columns could be the ${what}: ${listNames(found.map((index) => names[index] ?? ''))}. Say which one to read: --column NAME`,
  );
}

/** `Email Address [Required]`, `User name [userPrincipalName] Required`: the name outside or inside the brackets counts. */
function isNamed(name: string, known: ReadonlySet<string>): boolean {
  if (name.includes('@')) return false; // an address, even if it spells a column's name
  const inside = [...name.matchAll(/[[(]([^\])]*)[\])]/gu)].map(([, text = '']) => text);
  const outside = name.replace(/[[(][^\])]*[\])]/gu, ' ').replace(/\brequired\b/giu, ' ');
  return [outside, ...inside].some((each) => known.has(foldCompatibly(each)));
}

function foldCompatibly(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\p{M}\p{P}\p{Z}\p{C}\p{S}\s]/gu, '')
    .normalize('NFC')
    .toLowerCase();
}
