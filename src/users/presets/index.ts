// Written from the files of this folder by test/architecture/registries.test.ts: npm run registries
import { standard } from './default.ts';

/** Every entry of this folder. */
export const presets = [
  standard,
] as const;
