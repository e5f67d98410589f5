export { addUser, type NewUser } from './add-user.ts';
export { countUsers, listUsers, sampleHashes, type ListOptions } from './list-users.ts';
