module.exports = {
  serveAdminPanel: false,
  auth: { secret: 'the secret of the admin panel' },
  rateLimit: { enabled: false },
  apiToken: { salt: 'a salt' },
  transfer: { token: { salt: 'another salt' } },
};
