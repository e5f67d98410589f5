import { payloadFormat } from '../kdf/payload.ts';

/** Payload CMS from 3.90.0. */
export const payloadV1 = payloadFormat('payload-v1', {
  shape: /^pbkdf2-sha256-v1:([0-9a-f]{64})$/,
  prefix: 'pbkdf2-sha256-v1:',
  iterations: 600_000,
  keyBytes: 32,
  isWeak: false,
  examples: [
    {
      encoded:
        'payload$3edd3224074c5e48fdc54f83492a906c1b38157879350ff30d1d90afe5f62259$pbkdf2-sha256-v1:45433e519dec85ed4cb95230234087c68cb67c73b0c1f4695375e6aa2c7e269b',
      madeBy: 'Payload 3.90.2',
    },
  ],
});
