import type { BrandLogo } from './brand-logo.ts';

export interface Assets {
  readonly style: string;
  readonly script: string;
  readonly logo?: BrandLogo | undefined;
}

/** A page that needs no listener: what it would fetch from `/style.css`, `/script.js` and `/logo` is put into it. */
export function inlineAssets(html: string, { style, script, logo }: Assets): string {
  // Functions, because a `$` in a replacement text would be a pattern.
  return html
    .replace('<link rel="icon" href="//">\n', '') // from a file, it would be the root folder
    .replace(/<link\b[^>]*\bhref="\/style\.css"[^>]*>/, () => `<style>\n${style}</style>`)
    .replace(
      /<script\b[^>]*\bsrc="\/script\.js"[^>]*><\/script>/,
      () => `<script type="module">\n${script}</script>`,
    )
    .replace(/\b(src|href)="\/logo"/g, (_all, name: string) => (logo ? `${name}="${toDataUrl(logo)}"` : ''));
}

const toDataUrl = ({ type, content }: BrandLogo): string =>
  `data:${type};base64,${content.toString('base64')}`;
