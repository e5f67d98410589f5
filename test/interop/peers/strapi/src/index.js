// What an operator sets in the admin panel: where the front end's page for a new password is.
module.exports = {
  async bootstrap({ strapi }) {
    const store = strapi.store({ type: 'plugin', name: 'users-permissions', key: 'advanced' });
    const email_reset_password = `${strapi.config.get('server.absoluteUrl')}/reset-password`;
    await store.set({ value: { ...(await store.get()), email_reset_password } });
  },
};
