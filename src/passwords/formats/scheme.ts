import { ResetError } from '../../errors.ts';
import { defineFormat } from '../define-format.ts';
import type { HashOptions } from '../hash-format.ts';
import { BCRYPT_MAX_BYTES } from '../kdf/bcrypt.ts';
import { bodiesOf, type SchemeText } from '../kdf/schemes.ts';

/** In capitals: what Spring Security writes in small letters is another format. */
const SHAPE = /^\{([A-Z][A-Z0-9-]{1,30})(?:\.(HEX|B64|BASE64))?\}(.*)$/;
/** Every Dovecot on Linux reads it. */
const USUAL = 'SHA512-CRYPT';

interface Parts extends SchemeText {
  readonly scheme: string;
  readonly suffix: string | undefined;
  readonly renewedAs: string | undefined;
}

const by = (madeBy: string, hashes: readonly string[]) => hashes.map((encoded) => ({ encoded, madeBy }));

/** `{SCHEME}…` of mail servers and LDAP exports: Dovecot, PostfixAdmin, OpenLDAP, passlib, htpasswd. */
export const scheme = defineFormat('scheme', {
  maxBytes: BCRYPT_MAX_BYTES,
  read,
  matches: (password, parts) => parts.matches(password),
  async write(password, row, options) {
    const wanted = options.parameters?.['scheme'];
    if (wanted !== undefined && wanted !== row?.scheme)
      return writeNew(String(wanted), undefined, password, options);
    if (row === undefined) return writeNew(USUAL, undefined, password, options);
    if (row.renew) return `${braced(row.scheme, row.suffix)}${await row.renew(password, options)}`;
    return writeNew(row.renewedAs ?? row.scheme, row.suffix, password, options);
  },
  isWeak: ({ isWeak }) => isWeak,
  parameters: ({ scheme: name, parameters }) => ({ scheme: name, ...parameters }),
  examples: [
    ...by('doveadm pw, Dovecot 2.3.19.1', [
      '{BLF-CRYPT}$2y$05$z3rfF/oNVJffFgIvCLavh.q.FbLNWZHb7Pkh0usE8I6d4xrB14vku',
      '{SHA512-CRYPT}$6$WQtwf9Y0TFwnjqiJ$uY32W8X6X/qTIXQQIrdipDYsv1NhdXic3M93r9HoQMWJrzdIIHE9j59/rujqxKVhmK3mKlg/re/GkKaA.7Fad/',
      '{SHA256-CRYPT}$5$9BjcSuiw5iqHyW1p$G1HBT5VvCuq/JoYinuycpLYakos/5gdkQbLOCIFWXEC',
      '{MD5-CRYPT}$1$sI71Xwlx$Nfez3HxtPsjRt.zXNcDvK0',
      '{SHA}q/eq1kOINtvlJqojGr3i0O73TUI=',
      '{SHA1}q/eq1kOINtvlJqojGr3i0O73TUI=',
      '{SSHA}L74w5ndmKWnu3nOeWED8L0+cqpqBuI2z',
      '{SHA256}xLvLH77JnWW/WdhcjLYu4tuWPw/hBvSD2a+nO9Tjmoo=',
      '{SSHA256}SVb91AzqG43emS9sowl8gC8SPjM5OO5x6LVjodtvY11TDYSM',
      '{SHA512}vl73Z52Iq5qQRfYmflX15XhLS4zXZLXNhVpSRPkcYmlTzUbEPXZohz/W7707IhJJMVWAAxljRyoHh4H+BG5irg==',
      '{SSHA512}6G2nDQ4WnIB6O6IyXMlAJFJ5TuVt6AHRdkYQ7LecQAdGwKnvz2HTDcJG/Hx1yGr8OomNekILkSuzcBij0RTEzQ8bEfs=',
      '{SMD5}EazLryBYUNUWK/urtf5ayPFiO40=',
      '{LDAP-MD5}nMKuihunqT2jm0b8EBnEgQ==',
      '{PLAIN-MD5}9cc2ae8a1ba7a93da39b46fc1019c481',
      '{PBKDF2}$1$sE3axw39L7NeDJ2d$5000$102d318faf604f498b0c19414907e55fd7ef3855',
      '{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$ECLxVhcBLZ5uGB35EYiQ9g$iZmACUoUTwCrLQ8M0/7W+fgLFrOXOBgX93iYR2Ct+F8',
      '{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$47HRnRJnxDJgmy4/OOMm4A$djjyI8ZlNkNQAmKzQ9Wx2sX6P3RaBk33QPYCt9tW7AA',
      '{CRYPT}$2y$05$thD7RFVbDxP.cFmxAJ/lNuHek58yVnYLeW2e5rfBI/Oeeind7okeK',
      '{SHA256.HEX}c4bbcb1fbec99d65bf59d85c8cb62ee2db963f0fe106f483d9afa73bd4e39a8a',
      '{SSHA512.B64}Dmcxn4xy08MDWbhT76lwWbx9+kpaXtnXIT9y3gpPMZ+gotGZXU99J/AjNj0G6+k4734Ofvu74KUHNeBdxGkaby+dcOU=',
      '{SHA.HEX}abf7aad6438836dbe526aa231abde2d0eef74d42',
    ]),
    ...by('slappasswd, OpenLDAP 2.5.13', [
      '{SSHA}gY0OK6aBKdm7LhZfbCZB1W/AqNT/aasB',
      '{SMD5}SRZgvbQVqPFejheAqM9r0Ls3PEY=',
      '{MD5}nMKuihunqT2jm0b8EBnEgQ==',
      '{CRYPT}$6$4nriQr8ttzBOXwd9$xe35QXI0TLWmCD.oxUgfDg5t2zew9EqdycgdDB0maRPoLLq8NKqYk56qRNZbUH1bkAFB2PMConS7rBu.gNUni0',
    ]),
    ...by('passlib 1.7.4', [
      '{SSHA}qgZU/TC6U06ymBEYeR0GDqIaKEq9NyaE',
      '{SSHA256}i+cpNV/0nENyWAdfKnnfPQeHr8M3O1fegf64NGz17SdsjXFOidH6fw==',
      '{SSHA512}BC+bWiVJj8Co7ffuHqoyiQqaCgmbMl6LfVa7YfQRxLUGvaOrm1X6nSGtF6bGIfUSOoo+ssvm5cS1dpi9fWRAQqn1fk/J2fs/',
      '{PBKDF2-SHA256}29000$qpWytlZK6d27d46xViplbA$.Ye4Fe2yXP738LJBeW3RrPPPrb3Ue3xaSHlhEVZrkyk',
      '{PBKDF2}131000$eM/537u3lpLS2ptzDgHAuA$wZbFKjvYjk574KTGv8rCtlN9zUU',
      '{PBKDF2-SHA512}25000$NkYIAYCQ0tobI2SsVerd2w$HtD53/gLzluJZ76pMAuLqRftVLrjVSZNnAcTcOscx7Z5GdaxmeuR4CD6hNq8czpWEzpY0BXsUHp40NY9uGiWFA',
      '{CRYPT}$2b$12$LoNv9NavANIZP2rj/co1N.p1Aja0Hudv1hPSmBCB6dsx5HQ4Jn.Li',
      '{CRYPT}$6$rounds=656000$WE5jC0dXgdjMMIBw$ov5WiX3HsATOgHRwoO7UpRmIEDBv31bCKJlteW.j23O2bAWWsHmMl7h8ibcuHt72tGjeJtqV12vq.4pVO8err0',
    ]),
  ],
});

function read(encoded: string): Parts | undefined {
  const [, name, suffix, text = ''] = SHAPE.exec(encoded) ?? [];
  if (name === undefined) return undefined;
  for (const body of bodiesOf(name, suffix)) {
    const opened = body.open(text);
    if (opened) return { ...opened, scheme: name, suffix, renewedAs: body.renewedAs };
  }
  return undefined;
}

async function writeNew(
  name: string,
  suffix: string | undefined,
  password: string,
  options: HashOptions,
): Promise<string> {
  const body = bodiesOf(name, suffix).find(({ renewedAs }) => renewedAs === undefined);
  if (body) return `${braced(name, suffix)}${await body.write(password, options)}`;
  const plain = suffix === undefined ? undefined : bodiesOf(name, undefined)[0];
  if (plain) return writeNew(name, undefined, password, options);
  throw new ResetError('config_invalid', `The scheme {${name}} is not one that reset writes. ${USUAL} is.`);
}

const braced = (name: string, suffix: string | undefined): string =>
  `{${name}${suffix === undefined ? '' : `.${suffix}`}}`;
