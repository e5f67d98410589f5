/** For the command line, whose help names them. */
export { ACCESS_KINDS, type AccessKind } from '../../users/store/access-kinds.ts';
