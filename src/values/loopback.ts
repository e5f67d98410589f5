/** Whether a host name or address means this machine. IPv6 may stand in brackets, as URLs write it. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  /^\[?::1\]?$/.test(host) ||
  /^127(?:\.\d{1,3}){3}$/.test(host);
