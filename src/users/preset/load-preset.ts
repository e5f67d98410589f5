import type { Preset } from './preset.ts';
import { standard } from '../presets/default.ts';

/**
 * The preset of this name. That of our own table comes alone: the thirty-five others would cost a short command a
 * tenth of its start-up.
 *
 * @throws config_invalid with the nearest name there is
 */
export async function loadPreset(name: string): Promise<Preset> {
  if (name === standard.name) return standard;
  const { getPreset } = await import('./get-preset.ts');
  return getPreset(name);
}
