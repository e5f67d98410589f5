import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { pbkdf2 } from '../kdf/pbkdf2.ts';

/** 00, 16 bytes of salt, 32 of key. */
const SHAPE = /^A[A-P][A-Za-z0-9+/]{64}==$/;
const ITERATIONS = 1000;

/** ASP.NET Identity 2, which ASP.NET Core reads and replaces at the next login. Read only. */
export const aspnetV2 = defineFormat('aspnet-v2', {
  read(encoded: string) {
    const bytes = Buffer.from(SHAPE.test(encoded) ? encoded : '', 'base64');
    return bytes[0] === 0 ? { salt: bytes.subarray(1, 17), key: bytes.subarray(17) } : undefined;
  },
  async matches(password, { salt, key }) {
    return bytesEqual(await pbkdf2(password, salt, ITERATIONS, key.length, 'sha1'), key);
  },
  parameters: () => ({ digest: 'sha1', iterations: ITERATIONS }),
  examples: [
    {
      password: 'my password',
      encoded: 'AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==',
      madeBy: 'ASP.NET Core, PasswordHasherTest.cs',
    },
    {
      password: 'my password',
      encoded: 'ANXrDknc7fGPpigibZXXZFMX4aoqz44JveK6jQuwY3eH/UyPhvr5xTPeGYEckLxz9A==',
      madeBy: 'ASP.NET Core, PasswordHasherTest.cs',
    },
  ],
});
