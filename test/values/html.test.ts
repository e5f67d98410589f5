import { expect, it } from 'vitest';
import { visibleText } from '../../src/values/html.ts';

const readings = {
  // Markup is left out.
  '<h1>Choose a password</h1><p>At least <b>15</b> characters.</p>':
    'Choose a password At least 15 characters.',
  // A mark inside a word does not split it; blocks and line breaks keep words apart.
  '<p>Pass<b>word</b></p>': 'Password',
  '<li>One</li><li>Two</li>a<br>b': 'One Two a b',
  // An attribute may hold a >.
  '<p title="a > b">Text</p>': 'Text',
  // Scripts, styles, the head and comments are not read, whatever is in them.
  '<head><title>T</title></head><script>if (a<b) x()</script><style>p{}</style>Text': 'Text',
  'One<!-- <p>two</p> -->Three': 'OneThree',
  // Entities are read, and one that is out of range does not stop it.
  'It&#39;s 5 &lt; 6 &amp; caf&eacute;&#x21;': "It's 5 < 6 & café!",
  'a&#999999999;b': 'a\uFFFDb',
  // What the page hides stays hidden.
  '<p hidden>Old</p><template><p>No</p></template><noscript>JS</noscript>New': 'New',
  // A tag that is never closed ends nothing.
  '<p>One<': 'One<',
  '': '',
};

it.each(Object.entries(readings))('%j reads %j', (html, text) => {
  expect(visibleText(html)).toBe(text);
});

it('reads a page that is as deep as it is long', () => {
  expect(visibleText(`${'<div>'.repeat(20_000)}Deep`)).toBe('Deep');
});
