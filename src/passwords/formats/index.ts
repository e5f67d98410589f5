// Written from the files of this folder by test/architecture/registries.test.ts: npm run registries
import { bcrypt } from './bcrypt.ts';

/** Every entry of this folder. */
export const formats = [
  bcrypt,
] as const;
