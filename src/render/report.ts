import { makePalette } from './accent.ts';
import type { BrandLogo } from './brand-logo.ts';
import { formatNumber } from './format.ts';
import { inlineAssets } from './inline-assets.ts';
import { renderStylesheet } from './pages.ts';
import type { Renderer } from './render-template.ts';
import { drawChart, FIGURES, type Slot } from './report-chart.ts';
import type { Count, ReportData, ReportView } from './report-view.ts';
import { dayOf } from './zoned-time.ts';

export interface ReportLook {
  /** `#rrggbb` */
  readonly accent?: string | undefined;
  readonly logo?: BrandLogo | undefined;
}

/** Nothing is fetched and nothing runs, whatever text has found its way into the page. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The report of a batch as one HTML file. Throws `config_invalid` for a broken template. */
export function renderReport(renderer: Renderer, data: ReportData, { accent, logo }: ReportLook): string {
  const { timeZone, span, slots, appName, batchId } = data;
  const title = 'Password reset report';
  const report: ReportView = {
    ...data,
    chart: slots.length === 0 ? undefined : drawChart(slots, { ...span, timeZone }),
    days: sumByDay(slots, timeZone),
    sums: sumOf(slots),
    number: (value) => formatNumber('en', value),
    share: shareOf,
  };
  const html = renderer.render('report/report', {
    locale: 'en',
    appName,
    title,
    documentTitle: `${title} ${batchId}`,
    palette: makePalette(accent),
    stylePath: '/style.css',
    logoPath: logo && '/logo',
    contentPolicy: CONTENT_POLICY,
    report,
  });
  const style = `${renderStylesheet(renderer, accent)}\n${renderer.readAsset('report/style.css')}`;
  return inlineAssets(`${html.trimEnd()}\n`, { style, script: '', logo });
}

function sumByDay(slots: readonly Slot[], timeZone: string): ReportView['days'] {
  const days = new Map<string, Slot[]>();
  for (const slot of slots) {
    const day = dayOf(slot.at, timeZone);
    const known = days.get(day);
    if (known) known.push(slot);
    else days.set(day, [slot]);
  }
  return [...days].map(([day, some]) => ({ day, cells: sumOf(some) }));
}

const sumOf = (slots: readonly Slot[]): number[] =>
  FIGURES.map((figure) => slots.reduce((sum, slot) => sum + slot[figure], 0));

/** Nobody reads "100%" or "0%" where that is not exactly so. */
function shareOf(count: number, of: readonly Count[]): string {
  const total = of.reduce((sum, each) => sum + each.count, 0);
  if (total === 0) return '';
  const percent = Math.round((count / total) * 100);
  if (percent === 0 && count > 0) return '<1%';
  return percent === 100 && count < total ? '>99%' : `${percent}%`;
}
