import { bytesEqual } from '../../values/bytes-equal.ts';
import { defineColumns, readSalted } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { pbkdf2 } from '../kdf/pbkdf2.ts';
import { randomText } from '../../values/random-text.ts';

const columns = defineColumns('grafana', ['salt', 'hash']);
const ITERATIONS = 10_000;
const LENGTH = 50;

/** Grafana: PBKDF2 with SHA-256 in the columns `password` (hexadecimal) and `salt`; it knows nothing else. */
export const grafana = defineFormat('grafana', {
  columns,
  read: (encoded: string) => readSalted(columns, encoded, /^([0-9a-f]{100})$/, 'hex'),
  matches: async (password, { salt, key }) => bytesEqual(await derive(password, salt), key),
  async write(password) {
    const salt = randomText(10);
    return String(columns.join({ salt, hash: (await derive(password, salt)).toString('hex') }));
  },
  isWeak: () => true,
  parameters: () => ({ digest: 'sha256', iterations: ITERATIONS }),
  examples: [
    {
      password: 'iamgod',
      encoded:
        'grafana$pepper$e59c568621e57756495a468f47c74e07c911b037084dd464bb2ed72410970dc849cabd71b48c394faf08a5405dae53741ce9',
      madeBy: 'Grafana, pkg/util/encoding_test.go',
    },
  ],
});

/** EncodePassword in https://github.com/grafana/grafana/blob/00747853/pkg/util/encoding.go */
const derive = (password: string, salt: string): Promise<Buffer> =>
  pbkdf2(password, salt, ITERATIONS, LENGTH, 'sha256');
