import { defineColumns } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { argon2Key } from '../kdf/argon2.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { pbkdf2 } from '../kdf/pbkdf2.ts';

const columns = defineColumns('keycloak', ['secret', 'credential']);
const DIGESTS = new Map([
  ['pbkdf2', 'sha1'],
  ['pbkdf2-sha256', 'sha256'],
  ['pbkdf2-sha512', 'sha512'],
]);

/**
 * Keycloak: JSON in the columns `secret_data` and `credential_data`. Read only, because Keycloak caches credentials
 * where SQL does not reach: change passwords with its kcadm.
 */
export const keycloak = defineFormat('keycloak', {
  columns,
  read(encoded: string) {
    const read = columns.read(encoded);
    // Every hash of every user is asked: an exception for each would take longer than all the rest.
    if (read === undefined) return undefined;
    const { value, salt } = parseJson(read.secret);
    const { algorithm, hashIterations, additionalParameters } = parseJson(read.credential);
    if (typeof value !== 'string' || typeof salt !== 'string' || typeof algorithm !== 'string')
      return undefined;
    return {
      algorithm,
      passes: Number(hashIterations),
      extra: (additionalParameters ?? {}) as Record<string, string[] | undefined>,
      salt: Buffer.from(salt, 'base64'),
      key: Buffer.from(value, 'base64'),
    };
  },
  async matches(password, { algorithm, passes, extra, salt, key }) {
    const digest = DIGESTS.get(algorithm);
    if (digest !== undefined)
      return bytesEqual(await pbkdf2(password, salt, passes, key.length, digest), key);
    const cost = {
      passes,
      memoryKiB: Number(extra['memory']?.[0]),
      lanes: Number(extra['parallelism']?.[0]),
    };
    return bytesEqual(await argon2Key(password, { type: 'argon2id', salt, ...cost }, key.length), key);
  },
  parameters: ({ algorithm, passes }) => ({ algorithm, passes }),
  examples: [
    {
      encoded:
        'keycloak${"value":"yC3bvaBRh3NpwW3NbjOqIs57ZTHr+Zwula1+bJHcXIk=","salt":"y8rfPrk30pmR8FTGhvgIuA==","additionalParameters":{}}${"hashIterations":5,"algorithm":"argon2","additionalParameters":{"hashLength":["32"],"memory":["7168"],"type":["id"],"version":["1.3"],"parallelism":["1"]}}',
      madeBy: "Keycloak's Argon2PasswordHashProvider and Pbkdf2PasswordHashProvider",
    },
    {
      encoded:
        'keycloak${"value":"iJgT8ESPuLfxrzgHLf+riddc5lPrV9ACRXOlFXkqalmVHdAL86tf0tz4RPBuWwdcHRzEcGkVZlvsnWkxZRj+Ww==","salt":"y8rfPrk30pmR8FTGhvgIuA==","additionalParameters":{}}${"hashIterations":210000,"algorithm":"pbkdf2-sha512","additionalParameters":{}}',
      madeBy: "Keycloak's Argon2PasswordHashProvider and Pbkdf2PasswordHashProvider",
    },
    {
      encoded:
        'keycloak${"value":"DXGsj4rpoda9LBXPIuyyi0zQpqFnUItkZ7zINfQoNaDmZgjouMvLdXGn+iV1eAzDK5JTGocB2NeDDsbirUxcdw==","salt":"y8rfPrk30pmR8FTGhvgIuA==","additionalParameters":{}}${"hashIterations":27500,"algorithm":"pbkdf2-sha256","additionalParameters":{}}',
      madeBy: "Keycloak's Argon2PasswordHashProvider and Pbkdf2PasswordHashProvider",
    },
  ],
});

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
