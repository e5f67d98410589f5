import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KEYS, jsonSchema, type ConfigKey } from '../../src/config/schema.ts';
import { readTopic } from '../../src/flows/manual/read-topic.ts';
import { everyCommand } from '../helpers/every-command.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

it('fits into 12,000 bytes', () => {
  expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(12_000);
});

it.each(['database', 'baseUrl', 'secret', 'mail.url', 'mail.from'] as const)(
  'names the key %s, which is needed, with its environment variable',
  (name) => {
    const [variable = ''] = KEYS[name].env as readonly string[];
    expect(readme).toContain(`| \`${name}\` | \`${variable}\` |`);
  },
);

it('the manual lists every configuration key with its flag and environment variables', async () => {
  const manual = await readTopic('configuration');
  for (const [name, { flag, env, aliasOf }] of Object.entries<ConfigKey<unknown>>(KEYS)) {
    const names = [...(aliasOf === undefined ? [name] : []), ...(env ?? []), flag?.split(' ')[0]];
    for (const said of names.filter((each) => each !== undefined)) expect(manual).toContain(`\`${said}\``);
  }
});

it.each(everyCommand().map(({ path }) => [path]))('lists `%s` among the commands of the README', (path) => {
  // The subcommands of `batch` share a line.
  const [name, command, inner] = path.split(' ');
  const inLine = `\`${name} ${command}\\b${inner === undefined ? '' : `[^|]*\\b${inner}\\b`}`;
  expect(readme).toMatch(new RegExp(`^\\| .*${inLine}`, 'm'));
});

it('ships a JSON Schema that knows every key of the file and nothing else', () => {
  const { properties } = jsonSchema() as { properties: Record<string, { properties?: object }> };
  const keys = Object.entries(properties).flatMap(([name, { properties: inner }]) =>
    inner === undefined ? [name] : Object.keys(inner).map((leaf) => `${name}.${leaf}`),
  );
  const ofFile = Object.entries<ConfigKey<unknown>>(KEYS).filter(([, { aliasOf }]) => aliasOf === undefined);
  expect(keys.filter((key) => key !== '$schema').sort()).toEqual(ofFile.map(([name]) => name).sort());
});
