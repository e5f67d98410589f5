const { writeFile } = require('node:fs/promises');
const { join } = require('node:path');

module.exports = {
  async bootstrap({ strapi }) {
    // What an operator sets in the admin panel: where the front end's page for a new password is.
    const store = strapi.store({ type: 'plugin', name: 'users-permissions', key: 'advanced' });
    const email_reset_password = `${strapi.config.get('server.absoluteUrl')}/reset-password`;
    await store.set({ value: { ...(await store.get()), email_reset_password } });
    // The last mail is kept in a file. Strapi looks for its providers in node_modules alone.
    const file = join(process.cwd(), 'own-mail.html');
    strapi.plugin('email').provider = { send: ({ html }) => writeFile(file, html) };
  },
};
