/** Where people have a name and a user name, each in a column of that name. */
export const NAMED = { id: 'id', email: 'email', name: 'name', username: 'username' } as const;

/** Where the user name is the only name. */
export const USER_NAMED = { id: 'id', email: 'email', name: 'username', username: 'username' } as const;
