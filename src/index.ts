export { createReset } from './create-reset.ts';
export type {
  CreateResetOptions,
  Identifier,
  Reset,
  ResetConfig,
  SendInput,
  VerifyResult,
} from './create-reset.ts';
export { ERRORS, isResetError, ResetError } from './errors.ts';
export type { ErrorCode } from './errors.ts';
export type { ApplyResult } from './flows/links/apply-reset.ts';
export type { CodeResult } from './flows/links/issue-code.ts';
export type { LinkResult } from './flows/links/issue-link.ts';
export type { RevokeResult } from './flows/links/revoke-tokens.ts';
export type { SendResult } from './flows/links/send-reset.ts';
export { createLog } from './log.ts';
export type { Log } from './log.ts';
export type { Clock } from './types.ts';
