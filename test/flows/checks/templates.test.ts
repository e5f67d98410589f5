import { readFileSync } from 'node:fs';
import { configured, template, eachBrokenSetup } from './broken-setups.ts';

const english = readFileSync(new URL('../../../templates/locales/en.json', import.meta.url), 'utf8');

eachBrokenSetup('the templates', [
  {
    name: 'a template folder that is not there',
    code: 'key_invalid',
    says: /no folder \/nowhere/,
    advice: /create the folder/,
    ...configured({ templates: '/nowhere' }, { templates: undefined }),
  },
  {
    name: 'a template without the link',
    code: 'template_broken',
    says: /mail\/reset\/text leaves out the link/,
    advice: /Print `link`/,
    ...template('mail/reset/text.ejs', 'Good for <%= duration %>.', '<%= link %>\n<%= duration %>'),
  },
  {
    name: 'a template that is broken',
    code: 'template_broken',
    says: /subject\.ejs.* is broken/,
    advice: /correct it in/,
    ...template('mail/notice/subject.ejs', '<%= nobody.knows %>', 'Changed'),
  },
  {
    name: 'a template that is broken only for who asked for the mail',
    code: 'template_broken',
    says: /text\.ejs.* is broken/,
    advice: /correct it in/,
    ...template(
      'mail/reset/text.ejs',
      '<%= link %>\n<%= duration %><% if (requestedBy === "person") nobody.knows %>',
      '<%= link %>\n<%= duration %>',
    ),
  },
  {
    name: 'a template that promises another life than the link has',
    code: 'template_broken',
    says: /mail\/reset\/text does not say how long/,
    advice: /Print duration or expiresAt/,
    ...template(
      'mail/reset/text.ejs',
      '<%= link %>\nGood for 24 hours.',
      '<%= link %>\nGood for <%= duration %>.',
    ),
  },
  {
    name: 'a page that is broken',
    code: 'template_broken',
    says: /page\/reset\.ejs/,
    advice: /correct it in/,
    ...template('page/reset.ejs', '<% if ( { %>'),
  },
  {
    name: 'a language of its own that does not say everything',
    code: 'language_incomplete',
    status: 'warning',
    says: /locales\/tlh\.json lacks \d+ sentences, which are shown in English: mail_greeting, /,
    advice: /add them to the file/,
    ...template('locales/tlh.json', '{"direction": "ltr"}', english),
  },
  {
    name: 'a template whose name is misspelt',
    code: 'template_unused',
    status: 'warning',
    says: /overrides nothing/,
    advice: /rename it to mail\/reset\/text\.ejs/,
    ...template('mail/reset/txt.ejs', 'x'),
  },
]);
