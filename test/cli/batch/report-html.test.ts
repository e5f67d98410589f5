import { stat, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeScene } from '../../helpers/batch-scene.ts';

it('writes the report as a page into a file that only its owner can read, or prints it', async () => {
  const { site, write } = await makeScene(2);
  const sent = await site.run(['send', '--all', '--yes', '--json', '--ticket', 'INC-17']);
  const id = String(sent.rows().at(-1)?.['batch']);
  const report = (...more: string[]) => site.run(['batch', 'report', id, ...more]);

  const out = join(site.folder, 'report.html');
  const written = await report('--format', 'html', '--out', out);
  expect([written.code, written.stdout]).toEqual([0, `✓ The report is in ${out}\n`]);
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  const html = await readFile(out, 'utf8');
  expect(html).toMatch(/^<!DOCTYPE html>\n<html lang="en"/);
  expect(html).toContain('<dt>Ticket</dt><dd>INC-17</dd>');
  expect(html).toContain('user1@d1.example.com');

  const printed = await report('--format', 'html', '--no-people');
  expect(printed.stdout).toMatch(/^<!DOCTYPE html>[^]*<\/html>\n$/);
  expect(printed.stdout).not.toContain('user1@');
  const json = (await report('--format', 'html', '--out', out, '--json')).rows();
  expect(json).toEqual([{ batch: id, format: 'html', file: out }]);

  const link = join(site.folder, 'link.html');
  await symlink(await write('elsewhere', 'mine'), link);
  const refused = await report('--format', 'html', '--out', link);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('symbolic link')]);
});

it.each([
  [['--out', 'report.csv'], '--out and --no-people go with --format html'],
  [['--format', 'json', '--no-people'], '--out and --no-people go with --format html'],
  [['--format', 'html', '--status', 'failed'], '--status is for lists'],
  [['--format', 'pdf'], 'Known: csv, json, ndjson, html.'],
])('refuses what does not go together: %s', async (options, words) => {
  const { site } = await makeScene(0);
  const ran = await site.run(['batch', 'report', '5f0c1d2e3a4b', ...options]);
  expect([ran.code, ran.stdout, ran.stderr]).toEqual([2, '', expect.stringContaining(words)]);
});
