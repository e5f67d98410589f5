// A mail provider of Strapi's that keeps the last mail in a file beside it.
const { writeFile } = require('node:fs/promises');
const { join } = require('node:path');

module.exports = {
  init: () => ({ send: ({ html }) => writeFile(join(__dirname, 'own-mail.html'), html) }),
};
