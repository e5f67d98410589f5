import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createRenderer, type Renderer } from '../../src/render/render-template.ts';
import type { TemplateData } from '../../src/render/template-data.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const templates = fileURLToPath(new URL('../../templates', import.meta.url));
const own = readdirSync(templates, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ejs'),
);

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await removeFolder(folder);
});

/** A renderer whose operator wrote these templates. */
async function override(files: Record<string, string>): Promise<{ renderer: Renderer; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'templates-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return { renderer: createRenderer({ overrides: folder }), folder };
}

const render = async (text: string, data: object = {}): Promise<string> =>
  (await override({ 'page/mine.ejs': text })).renderer.render('page/mine', { locale: 'en', ...data });

describe('R63: the templates of the package', () => {
  it.each(own)('%s print raw text for includes only', (name) => {
    const source = readFileSync(join(templates, name), 'utf8');
    for (const [tag] of source.matchAll(/<%-[\s\S]*?%>/g))
      expect(tag).toMatch(/^<%- include\('[\w/-]+'\) %>$/);
  });

  it.each(own)('%s put addresses into attributes through a check only', (name) => {
    const source = readFileSync(join(templates, name), 'utf8');
    for (const [, value = ''] of source.matchAll(/\s(?:href|src|action|formaction|background)="([^"]*)"/g)) {
      expect(value).toMatch(/^<%= (?:url|path)\(\w+\) %>$|^\/\/$|^#<%= field %>$/);
    }
  });

  it.each(own)('%s have no inline script or event handler', (name) => {
    const source = readFileSync(join(templates, name), 'utf8');
    expect(source).not.toMatch(/<script(?! src=)|\son\w+=|javascript:/i);
  });
});

describe('R63: a value', () => {
  it('is escaped in HTML and left alone in text', async () => {
    const { renderer } = await override({ 'page/x.ejs': '<%= name %>', 'mail/x/text.ejs': '<%= name %>' });
    const data = { locale: 'en', name: `"><script>'&` };
    expect(renderer.render('page/x', data)).toBe('&#34;&gt;&lt;script&gt;&#39;&amp;');
    expect(renderer.render('mail/x/text', data)).toBe(data.name);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'http://example.com',
    'https://a:b@c.test',
    '//evil.test',
    '',
  ])('never becomes an address: %j', async (loginUrl) => {
    await expect(render('<a href="<%= url(loginUrl) %>">', { loginUrl })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });

  it.each(['//evil.test', 'https://evil.test', '/\\evil.test', 'javascript:alert(1)', '/a"b', ''])(
    'never becomes a path of ours: %j',
    async (formAction) => {
      await expect(render('<%= path(formAction) %>', { formAction })).rejects.toMatchObject({
        code: 'config_invalid',
      });
    },
  );

  it.each(['/reset_password/eyJ.eyJ.x-_', '../reset_password_request', '?', 'style.css'])(
    'may be a path: %s',
    async (formAction) => {
      await expect(render('<%= path(formAction) %>', { formAction })).resolves.toBe(formAction);
    },
  );
});

describe('R71: data', () => {
  it('is never run as a template', async () => {
    expect(await render('<%= name %>', { name: '<%= process.env %>' })).toBe('&lt;%= process.env %&gt;');
  });

  it('has no effect as an option, and unknown keys never arrive', async () => {
    const data = {
      name: 'Susan',
      settings: { 'view options': { outputFunctionName: 'x;throw 1;//', client: true } },
      delimiter: '$',
      escapeFunction: () => 'pwned',
      outputFunctionName: 'x;throw 1;//',
      localsName: 'y',
    };
    const text = '<%= name %>|<%= typeof settings %>|<%= typeof delimiter %>|<%= locals.escapeFunction %>';
    expect(await render(text, data)).toBe('Susan|undefined|undefined|');
  });

  it('is frozen and has no prototype', async () => {
    expect(await render('<%= Object.getPrototypeOf(locals) === null %>')).toBe('true');
    await expect(render('<% undeclared = 1 %>')).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('is not changed by a polluted Object.prototype', async () => {
    const polluted = [
      'outputFunctionName',
      'client',
      'escapeFunction',
      'destructuredLocals',
      'include',
      'name',
      'debug',
    ];
    const { renderer } = await override({ 'page/mine.ejs': '<%= name %>,<%= email %>' });
    for (const key of polluted)
      Object.defineProperty(Object.prototype, key, { value: 'x;throw 1;//', configurable: true });
    try {
      expect(renderer.render('page/mine', { locale: 'en', email: '<' } as TemplateData)).toBe(',&lt;');
    } finally {
      for (const key of polluted) Reflect.deleteProperty(Object.prototype, key);
    }
  });
});

describe('the operator’s folder', () => {
  it('wins file by file', async () => {
    const { renderer } = await override({ 'mail/notice/subject.ejs': 'Mine: <%= appName %>' });
    expect(renderer.render('mail/notice/subject', { locale: 'en', appName: 'Shop' })).toBe('Mine: Shop');
    expect(renderer.render('page/sent', { locale: 'en', requestPath: '/' })).toContain('Request a new link');
  });

  it('may change one sentence, or add a language that falls back to English', async () => {
    const { renderer } = await override({
      'locales/en.json': '{"button_login": "Let me in"}',
      'locales/tlh.json': '{"direction": "ltr", "button_login": "yIghoS"}',
    });
    const { catalogue } = renderer;
    expect(catalogue.translate('en', 'button_login')).toBe('Let me in');
    expect(catalogue.translate('en', 'label_email')).toBe('Email address');
    expect(catalogue.translate('tlh', 'button_login')).toBe('yIghoS');
    expect(catalogue.translate('tlh', 'label_email')).toBe('Email address');
    expect(catalogue.available).toContain('tlh');
  });

  it('may include parts of its own and of the package', async () => {
    const { renderer } = await override({
      'page/mine.ejs': "<%- include('parts/a') %>!",
      'parts/a.ejs': '<b><%= name %></b>',
    });
    expect(renderer.render('page/mine', { locale: 'en', name: '<' })).toBe('<b>&lt;</b>!');
  });

  it.each(['../../../etc/passwd', '/etc/passwd', '..', 'page/../../x', 'a\0b', '.hidden'])(
    'R71: includes nothing from elsewhere: %j',
    async (name) => {
      await expect(render(`<%- include(${JSON.stringify(name)}) %>`)).rejects.toMatchObject({
        code: 'config_invalid',
      });
    },
  );
});

describe('a broken template', () => {
  it.each([
    ['an unknown name', 'fine\n<%= nothing.here %>', /page\/mine\.ejs:2 is broken: nothing is not defined/],
    ['a missing bracket', '<% if (name) { %>', /page\/mine\.ejs is broken: /],
    ['an open tag', '<%= name', /page\/mine\.ejs is broken: Could not find matching close tag/],
    [
      'an unknown sentence',
      '\n\n<%= t("nonsense") %>',
      /page\/mine\.ejs:3 is broken: No language has the sentence "nonsense"/,
    ],
    ['a missing include', '<%- include("parts/none") %>', /There is no template parts\/none\.ejs/],
  ])('is named with its line: %s', async (_title, text, message) => {
    await expect(render(text)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(message),
    });
  });

  it('is named itself when another includes it', async () => {
    const { renderer } = await override({
      'page/mine.ejs': "\n<%- include('parts/a') %>",
      'parts/a.ejs': '\n\n<%= nothing %>',
    });
    expect(() => renderer.render('page/mine', { locale: 'en' })).toThrow(
      /^The template \S+parts\/a\.ejs:3 is broken: nothing is not defined$/,
    );
  });

  it('may be a language file', async () => {
    const { renderer } = await override({ 'locales/en.json': '{"a": 1}' });
    expect(() => renderer.catalogue.translate('en', 'label_email')).toThrow(
      /en\.json is not usable: "a" is neither/,
    );
  });
});
