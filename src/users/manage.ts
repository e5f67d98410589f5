export { addUser } from './add-user.ts';
export { countUsers, listUsers, sampleHashes } from './list-users.ts';
