import { randomBytes } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { chooseIterations, pbkdf2, pbkdf2Rows } from '../kdf/pbkdf2.ts';

const MARKER = 1;
/** By the number that stands for them in the string. */
const DIGESTS = ['sha1', 'sha256', 'sha512'] as const;
const HEADER_BYTES = 13;
/** What ASP.NET asks for when it reads. */
const LEAST_BYTES = 16;

/** ASP.NET Core Identity: base64 of 01, digest, iterations, salt length (big-endian), salt, key. */
export const aspnetV3 = defineFormat('aspnet-v3', {
  ...pbkdf2Rows,
  read(encoded: string) {
    const bytes = /^AQAAAA[A-Za-z0-9+/]+={0,2}$/.test(encoded)
      ? Buffer.from(encoded, 'base64')
      : Buffer.alloc(0);
    if (bytes.length < HEADER_BYTES + 2 * LEAST_BYTES) return undefined;
    const digest = DIGESTS[bytes.readUInt32BE(1)];
    const saltEnd = HEADER_BYTES + bytes.readUInt32BE(9);
    const parts = { salt: bytes.subarray(HEADER_BYTES, saltEnd), key: bytes.subarray(saltEnd) };
    if (digest === undefined || Math.min(parts.salt.length, parts.key.length) < LEAST_BYTES) return undefined;
    return { digest, iterations: bytes.readUInt32BE(5), ...parts };
  },
  async write(password, row, options) {
    const digest = row?.digest === 'sha256' ? 'sha256' : 'sha512';
    const iterations = chooseIterations(options, row, digest);
    const salt = randomBytes(16);
    const key = await pbkdf2(password, salt, iterations, 32, digest);
    const header = Buffer.alloc(HEADER_BYTES, MARKER);
    [DIGESTS.indexOf(digest), iterations, salt.length].forEach((value, index) =>
      header.writeUInt32BE(value, 1 + 4 * index),
    );
    return Buffer.concat([header, salt, key]).toString('base64');
  },
  examples: [
    {
      encoded: 'AQAAAAIAAYagAAAAEKZ/p1teksaJt9lRbTUufDrIPpexpLBYyOWK32vTEl2FJwkQNnnJjyQbuqU/f4A7xg==',
      madeBy: 'the layout of PasswordHasher.cs with the defaults of .NET 7',
    },
    {
      password: 'my password',
      encoded: 'AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==',
      madeBy: 'ASP.NET Core, PasswordHasherTest.cs',
    },
    {
      password: 'my password',
      encoded:
        'AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAfZ8v+ZfhjCcudtC1YERSqE1OEdXLW9VukPuJWBBjLuw==',
      madeBy: 'ASP.NET Core, PasswordHasherTest.cs',
    },
  ],
});
