// Written from the files of this folder by test/architecture/registries.test.ts: npm run registries
import { bytes } from './bytes.ts';
import { common } from './common.ts';
import { context } from './context.ts';
import { length } from './length.ts';
import { text } from './text.ts';

/** Every entry of this folder. */
export const rules = [
  bytes,
  common,
  context,
  length,
  text,
] as const;
