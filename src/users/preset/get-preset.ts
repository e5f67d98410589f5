import { nearest } from '../../values/nearest.ts';
import { ResetError } from '../../errors.ts';
import type { Preset } from './preset.ts';
import { presets } from '../presets/index.ts';
import { programName } from '../../values/program-name.ts';

/**
 * The preset of this name.
 *
 * @throws config_invalid with the nearest name there is
 */
export function getPreset(name: string): Preset {
  const found = (presets as readonly Preset[]).find((preset) => preset.name === name);
  if (found) return found;
  const guess = nearest(
    name,
    presets.map((preset) => preset.name),
  );
  const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
  throw new ResetError(
    'config_invalid',
    `There is no preset ${JSON.stringify(name)}.${hint} List: ${programName} presets`,
  );
}
