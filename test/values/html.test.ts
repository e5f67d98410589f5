import { expect, it } from 'vitest';
import { visibleText } from '../../src/values/html.ts';

it.each([
  [
    'markup is left out',
    '<h1>Choose a password</h1><p>At least <b>15</b> characters.</p>',
    'Choose a password At least 15 characters.',
  ],
  ['a mark inside a word does not split it', '<p>Pass<b>word</b></p>', 'Password'],
  ['blocks and line breaks keep words apart', '<li>One</li><li>Two</li>a<br>b', 'One Two a b'],
  ['an attribute may hold a >', '<p title="a > b">Text</p>', 'Text'],
  [
    'scripts, styles and the head are not read',
    '<head><title>T</title></head><script>if (a<b) x()</script><style>p{}</style>Text',
    'Text',
  ],
  ['comments are not read, whatever is in them', 'One<!-- <p>two</p> -->Three', 'OneThree'],
  ['entities are read', 'It&#39;s 5 &lt; 6 &amp; caf&eacute;&#x21;', "It's 5 < 6 & café!"],
  ['an entity that is out of range does not stop it', 'a&#999999999;b', 'a\uFFFDb'],
  [
    'what the page hides stays hidden',
    '<p hidden>Old</p><template><p>No</p></template><noscript>JS</noscript>New',
    'New',
  ],
  ['a tag that is never closed ends nothing', '<p>One<', 'One<'],
  ['nothing is nothing', '', ''],
])('%s', (_title, html, text) => {
  expect(visibleText(html)).toBe(text);
});

it('reads a page that is as deep as it is long', () => {
  expect(visibleText(`${'<div>'.repeat(20_000)}Deep`)).toBe('Deep');
});
