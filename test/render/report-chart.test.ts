import { describe, expect, it } from 'vitest';
import { drawChart, type Slot } from '../../src/render/report-chart.ts';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);
const slot = (time: number, more: Partial<Slot> = {}): Slot => ({
  at: time,
  sent: 0,
  failed: 0,
  changed: 0,
  ...more,
});

describe('the chart of a batch', () => {
  it('adds up, goes on level in between, and ends at the right edge', () => {
    const from = at('2026-11-22T00:00Z');
    const slots = [slot(from, { sent: 30 }), slot(from + 12 * HOUR, { sent: 10, changed: 20 })];
    const { paths, plot, rows } = drawChart(slots, { from, to: from + 24 * HOUR, timeZone: 'UTC' });
    const middle = (plot.left + plot.right) / 2;
    const yOf = (count: number) =>
      Math.round((plot.bottom - (count / 40) * (plot.bottom - plot.top)) * 10) / 10;
    expect(rows.map(({ label }) => label)).toEqual(['0', '10', '20', '30', '40']);
    expect(paths.sent).toBe(`M${plot.left} ${yOf(0)}H${plot.left}V${yOf(30)}H${middle}V${yOf(40)}H${plot.right}`); // prettier-ignore
    expect(paths.changed).toContain(`H${middle}V${yOf(20)}H${plot.right}`);
    expect(paths.failed).toMatch(new RegExp(`V${yOf(0)}H${plot.right}$`));
  });

  it.each([
    ['UTC', '2026-11-22T10:07Z', 5, ['Nov 22, 11:00', '12:00', '13:00', '14:00', '15:00']],
    [
      'Asia/Kathmandu',
      '2026-11-22T16:00Z',
      6,
      ['Nov 22, 22:00', '23:00', 'Nov 23', '01:00', '02:00', '03:00'],
    ],
    // Clocks are put back at three.
    ['Europe/Berlin', '2026-10-24T12:00Z', 96, ['Oct 25', 'Oct 26', 'Oct 27', 'Oct 28']],
    ['UTC', '2026-11-01T00:00Z', 24 * 28, ['Nov 5', 'Nov 12', 'Nov 19', 'Nov 26']],
  ])('names round times of clocks in %s from %s on', (timeZone, start, hours, labels) => {
    const from = at(start);
    const { columns } = drawChart([slot(from)], { from, to: from + hours * HOUR, timeZone });
    expect(columns.map(({ label }) => label)).toEqual(labels);
  });

  it('stays a drawing of bounded size, with the whole sum at its end', () => {
    const from = at('2026-11-22T00:00Z');
    const slots = Array.from({ length: 20_000 }, (_, index) => slot(from + index * 60_000, { sent: 1 }));
    const { paths, plot } = drawChart(slots, { from, to: from + 20_000 * 60_000, timeZone: 'UTC' });
    expect(paths.sent.length).toBeLessThan(6000);
    expect(paths.sent).toMatch(new RegExp(`V${plot.top}H${plot.right}$`));
  });
});
