import { expect, it } from 'vitest';
// @ts-expect-error -- the bench is JavaScript
import { compareRuns } from './kept-run.js';

const figure = (value: number, limit: { most?: number; least?: number }) => ({ title: 'x', value, limit });
const run = (date: string, figures: Record<string, unknown>, machine = '2 × CPU') => ({
  date,
  machine,
  figures,
});
const table = compareRuns as (before: unknown, today: unknown) => string;

it('shows in 80 columns what became slower and faster since a kept run, and says so beyond what is noise', () => {
  const before = run('2026-11-30T10:00:00Z', {
    'start-verify': figure(2, { most: 2.5 }),
    'listener-page': figure(0.9, { least: 0.9 }),
    'listener-typed': figure(1234, { least: 200 }),
    weight: figure(12, { most: 15 }),
    gone: figure(1, { most: 2 }),
  });
  const today = run('2026-12-01T10:00:00Z', {
    'start-verify': figure(2.5, { most: 2.5 }),
    'listener-page': figure(1.08, { least: 0.9 }),
    'listener-typed': figure(1111, { least: 200 }),
    weight: figure(12.5, { most: 15 }),
    'new-one': figure(1, { most: 2 }),
  });
  const text = table(before, today);
  expect(text.split('\n').slice(3)).toEqual([
    'figure                        kept     today   change  bound',
    'gone                          1.00         –        –  ≤ 2',
    'listener-page                0.900      1.08    +20 %  ≥ 0.9         better',
    'listener-typed                1234      1111    −10 %  ≥ 200',
    'new-one                          –      1.00        –  ≤ 2',
    'start-verify                  2.00      2.50    −20 %  ≤ 2.5         worse',
    'weight                        12.0      12.5     −4 %  ≤ 15',
  ]);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(table(before, { ...today, machine: '64 × CPU' })).toContain('Another machine: 2 × CPU');
});
