module.exports = {
  email: { config: { provider: require.resolve('../own-mail.js') } },
  'users-permissions': {
    config: {
      jwtSecret: 'the secret of this site, which is longer than thirty bytes',
      jwtManagement: 'refresh',
      ratelimit: { enabled: false },
    },
  },
};
