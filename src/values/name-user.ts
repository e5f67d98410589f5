/** `susan@example.com (user 1)`, or `user 1` where the application has no address. */
export const nameUser = ({ email, userId }: { readonly email: string; readonly userId: string }): string =>
  email.trim() === '' ? `user ${userId}` : `${email} (user ${userId})`;
