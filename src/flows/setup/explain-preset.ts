import { findFormat } from '../../passwords/find-format.ts';
import { describeCondition } from '../../users/columns/condition.ts';
import { adviceText } from '../../users/preset/preset.ts';
import { getPreset } from '../../users/preset/get-preset.ts';
import { mappingOf, type UsersMapping } from '../../users/mapping/index.ts';
import { explainOnReset } from '../../users/writing/on-reset.ts';
import type { Preset } from '../../users/preset/preset.ts';
import { presets } from '../../users/presets/index.ts';

export interface PresetSummary {
  readonly name: string;
  readonly title: string;
  readonly evidence: string;
}

/** All presets, by name, the default first. */
export function listPresets(): PresetSummary[] {
  return (presets as readonly Preset[])
    .map(({ name, title, evidence }) => ({ name, title, evidence }))
    .sort((one, other) => rank(one.name) - rank(other.name) || one.name.localeCompare(other.name));
}

const rank = (name: string): number => (name === 'default' ? 0 : 1);

export interface PresetExplanation extends PresetSummary {
  readonly table: string;
  /** what each column is for → its name */
  readonly columns: Readonly<Record<string, string>>;
  /** a format's name; null: what the rows have */
  readonly hashFormat: string | null;
  readonly passwordTransform: string;
  readonly active: readonly string[];
  readonly refused: readonly string[];
  /** what a reset does, as SQL with placeholders for the user */
  readonly sql: readonly string[];
  readonly advice: readonly string[];
}

/** One preset in words and SQL. Throws config_invalid with the nearest name. */
export function explainPreset(name: string): PresetExplanation {
  const preset = getPreset(name);
  const mapping = mappingOf(name, {}, { codecOf: (format) => findFormat(format).columns });
  const { password, ...columns } = preset.columns;
  const parts = typeof password === 'string' ? { password } : password;
  return {
    name,
    title: preset.title,
    evidence: preset.evidence,
    table: mapping.schema === undefined ? mapping.table : `${mapping.schema}.${mapping.table}`,
    columns: { ...columns, ...parts },
    hashFormat: preset.hashFormat,
    passwordTransform: mapping.passwordTransform,
    active: Object.entries(mapping.activeWhen).map(([column, when]) => describeCondition(column, when)),
    refused: [...mapping.refuseWhen.map(({ because }) => because), ...refusedWithoutRow(mapping)],
    sql: explainOnReset(mapping),
    advice: mapping.advice.map(adviceText),
  };
}

function refusedWithoutRow({ passwordIn }: UsersMapping): string[] {
  if (!passwordIn) return [];
  return [passwordIn.create ? `in a batch only: ${passwordIn.absent}` : passwordIn.absent];
}
