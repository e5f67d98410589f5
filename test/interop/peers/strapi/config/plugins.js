module.exports = {
  'users-permissions': {
    config: {
      jwtSecret: 'the secret of this site, which is longer than thirty bytes',
      jwtManagement: 'refresh',
      ratelimit: { enabled: false },
    },
  },
};
