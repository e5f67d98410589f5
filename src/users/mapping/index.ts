import { getPreset } from '../preset/get-preset.ts';
import { isSplitPassword as isSplit, resolveMapping, type ResolveOptions } from './resolve-mapping.ts';
import type { UsersMapping } from './users-mapping.ts';

export { checkMapping } from './check-mapping.ts';
export { resolveMapping, type ResolveOptions } from './resolve-mapping.ts';
export type { UsersMapping } from './users-mapping.ts';

/** The mapping of a preset by its name, with the configuration's `users.*` on top; not yet checked. */
export const mappingOf = (
  preset: string,
  overrides: unknown = {},
  options: ResolveOptions = {},
): UsersMapping => resolveMapping(getPreset(preset), overrides, options);

/** Is the hash kept in several columns, by the preset of this name or by the configuration? */
export const isSplitPassword = (preset: string, overrides: Readonly<Record<string, unknown>>): boolean =>
  isSplit(getPreset(preset), overrides);
