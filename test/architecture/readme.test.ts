import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KEYS, jsonSchema, type ConfigKey } from '../../src/config/schema.ts';
import { everyCommand } from '../helpers/every-command.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe.each(Object.entries<ConfigKey<unknown>>(KEYS))(
  'the configuration key %s',
  (name, { flag, env, standsFor }) => {
    it('stands in the README with its flag and environment variables', () => {
      const names = [...(standsFor === undefined ? [name] : []), ...(env ?? []), flag?.split(' ')[0]];
      for (const said of names.filter((each) => each !== undefined)) expect(readme).toContain(`\`${said}\``);
    });
  },
);

it.each(everyCommand().map(({ path }) => [path]))('lists `%s` among the commands of the README', (path) => {
  expect(readme).toMatch(new RegExp(`^\\| .*\`${path}[ \`\\[]`, 'm'));
});

it('ships a JSON Schema that knows every key of the file and nothing else', () => {
  const { properties } = jsonSchema() as { properties: Record<string, { properties?: object }> };
  const keys = Object.entries(properties).flatMap(([name, { properties: inner }]) =>
    inner === undefined ? [name] : Object.keys(inner).map((leaf) => `${name}.${leaf}`),
  );
  const ofFile = Object.entries<ConfigKey<unknown>>(KEYS).filter(
    ([, { standsFor }]) => standsFor === undefined,
  );
  expect(keys.filter((key) => key !== '$schema').sort()).toEqual(ofFile.map(([name]) => name).sort());
});
