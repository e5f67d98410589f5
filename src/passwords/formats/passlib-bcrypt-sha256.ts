import { createHmac } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { bcryptWithSalt, chooseBcryptCost, isWeakBcrypt, newBcryptSalt } from '../kdf/bcrypt.ts';
import { digest } from '../kdf/digest.ts';

const SHAPE =
  /^\$bcrypt-sha256\$(?:v=2,t=(2[aby]),r=(\d{1,2})|(2[aby]),(\d{1,2}))\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/;

/** passlib's bcrypt_sha256: version 1 over a SHA-256 of the password, version 2 over an HMAC under the salt. */
export const passlibBcryptSha256 = defineFormat('passlib-bcrypt-sha256', {
  read(encoded: string) {
    const [, prefix2, cost2, prefix1, cost1, salt, text] = SHAPE.exec(encoded) ?? [];
    const prefix = prefix2 ?? prefix1;
    const cost = Number(cost2 ?? cost1);
    if (prefix === undefined || salt === undefined || text === undefined || cost < 4 || cost > 31)
      return undefined;
    return { version: prefix2 === undefined ? 1 : 2, prefix, cost, salt, text: Buffer.from(text) };
  },
  async matches(password, { version, cost, salt, text }) {
    return bytesEqual(Buffer.from(await derive(version, password, cost, salt)), text);
  },
  async write(password, row, options) {
    const cost = chooseBcryptCost(options, row);
    const salt = await newBcryptSalt();
    const version = row?.version ?? 2;
    const text = await derive(version, password, cost, salt);
    const prefix = row?.prefix ?? '2b';
    const head = version === 1 ? `${prefix},${cost}` : `v=2,t=${prefix},r=${cost}`;
    return `$bcrypt-sha256$${head}$${salt}$${text}`;
  },
  isWeak: isWeakBcrypt,
  parameters: ({ version, prefix, cost }) => ({ version, prefix, cost }),
  examples: [
    {
      encoded: '$bcrypt-sha256$v=2,t=2b,r=10$KLrhr.dW0fCsSySznAV45e$pjpeu9SCYIyg5u62uV.xI.plnJlUW4a',
      madeBy: 'passlib 1.7.4',
    },
    {
      encoded: '$bcrypt-sha256$2b,10$LOOPJ9BQWvZ2lGrXiQcoOO$LEFB8Et7ERCyupZZum7uFueUgf1g11C',
      madeBy: 'passlib 1.7.4, version 1',
    },
  ],
});

/** The 31 characters behind the salt. */
async function derive(version: number, password: string, cost: number, salt: string): Promise<string> {
  const key =
    version === 1 ? digest('sha256', password) : createHmac('sha256', salt).update(password).digest();
  return (await bcryptWithSalt(key.toString('base64'), cost, salt)).slice(-31);
}
